import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FunctionDefinition } from "#shared/function";
import { withEngine } from "#shared/testing";
import { describe, expect, it } from "vitest";
import { permissionsAws } from "../../adapters/aws/deploy/index.ts";
import { deployManifest } from "../build/deploy-manifest.ts";
import { readRegistry } from "../build/registry.ts";
import { specimen } from "../infra/specimen.ts";
import { awsViolations, WILDCARDS } from "./aws-policies.ts";
import { startCfnLint } from "./cfn-lint.ts";
import { packageService, renderServerless, Template } from "./serverless.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const { deployables } = await readRegistry(root);
const project = deployManifest(deployables.map(({ definition }) => definition));
const everything = Object.values(specimen);
const all = deployManifest(everything);
const names = (manifest: typeof all): string[] => manifest.functions.map(({ name }) => name);

/** What `serverless package` makes of this project, and of everything that can be rendered, both ways. */
const templates = {
  "this project": packageService(renderServerless(project), names(project)),
  "every kind": packageService(renderServerless(all), names(all)),
  "every kind, by HTTP API and EventBridge": packageService(
    renderServerless(all, { front: "http-api", topics: "eventbridge" }),
    names(all),
  ),
};

function parsed(text: string): Template {
  return Template.parse(JSON.parse(text));
}

/** What the policies find when a resource is changed. */
function planted(
  id: string,
  change: (properties: Record<string, unknown>) => void,
): readonly string[] {
  const template = parsed(templates["every kind"]);
  const resource = template.Resources[id];
  if (resource === undefined) throw new Error(`there is no ${id}`);
  change(resource.Properties);
  return awsViolations(template);
}

/** The same for a role that allows this statement. */
function role(statement: object): readonly string[] {
  return planted("OrderApiRole", (properties) => {
    const PolicyDocument = { Statement: [{ Effect: "Allow", ...statement }] };
    properties["Policies"] = [{ PolicyName: "planted", PolicyDocument }];
  });
}

describe("serverless.yml", () => {
  it("is committed as it would be rendered now; `npm run gen` renews it", () => {
    for (const [file, text] of renderServerless(project)) {
      expect(readFileSync(join(root, file), "utf8"), file).toBe(text);
    }
  });

  it("does not depend on the order of definitions", () => {
    const turned = deployManifest(everything.toReversed());
    expect([...renderServerless(turned)]).toEqual([...renderServerless(all)]);
  });

  it("refuses a stage and names that AWS would not take", () => {
    expect(() => renderServerless(all, { stage: "Prod 1" })).toThrow(/aws.names: .* is no stage/);
    const [first] = all.functions;
    const functions = first === undefined ? [] : [{ ...first, name: "x".repeat(60) }];
    expect(() => renderServerless({ ...all, functions })).toThrow(/Lambda function "x+" would be/);
  });
});

describe.each(Object.entries(templates))("the template of %s", (_, text) => {
  it("keeps to the policies", () => {
    expect(awsViolations(parsed(text))).toEqual([]);
  });

  it("gives every queue with a consumer six times its time, and a dead-letter queue", () => {
    const { Resources } = parsed(text);
    const mappings = Object.values(Resources).filter(({ Type }) => Type.endsWith("SourceMapping"));
    expect(mappings.length).toBeGreaterThan(0);
    for (const { Properties: mapping } of mappings) {
      expect(mapping["FunctionResponseTypes"]).toEqual(["ReportBatchItemFailures"]);
      const [queue, fn] = [mapping["EventSourceArn"], mapping["FunctionName"]].map((reference) => {
        const [, id = ""] = /"Fn::GetAtt":\["(\w+)","Arn"\]/.exec(JSON.stringify(reference)) ?? [];
        return Resources[id]?.Properties ?? {};
      });
      expect(queue?.["VisibilityTimeout"]).toBeGreaterThanOrEqual(6 * Number(fn?.["Timeout"]));
      expect(queue?.["RedrivePolicy"]).toMatchObject({ maxReceiveCount: expect.any(Number) });
    }
  });
});

describe("the policies", () => {
  it("find a public bucket, an open queue and a role with too much", () => {
    const open = { Statement: [{ Effect: "Allow", Principal: "*", Action: "sqs:SendMessage" }] };
    expect([
      ...planted("FilesBucket", (bucket) => delete bucket["PublicAccessBlockConfiguration"]),
      ...planted("FilesBucket", (bucket) => (bucket["AccessControl"] = "PublicRead")),
      ...planted("OrderMailerQueuePolicy", (policy) => (policy["PolicyDocument"] = open)),
      ...role({ Action: "s3:*", Resource: "arn:aws:s3:::one/*" }),
      ...role({ Action: ["sqs:SendMessage"], Resource: "*" }),
      ...role({ Action: ["sqs:SendMessage"], Resource: { "Fn::Sub": "arn:aws:sqs:::auterity-*" } }),
    ]).toEqual([
      "FilesBucket: does not block public access",
      "FilesBucket: has an access control list",
      "OrderMailerQueuePolicy: is open to everybody",
      "OrderApiRole: allows s3:*",
      "OrderApiRole: allows something on *",
      "OrderApiRole: allows something on arn:aws:sqs:::auterity-*",
    ]);
  });

  it("know no resource that nobody thought about", () => {
    const Resources = { Door: { Type: "AWS::EC2::SecurityGroup", Properties: {} } };
    expect(awsViolations({ Resources })).toEqual([expect.stringContaining("no policy speaks of")]);
  });

  it("are those that the guide lists", () => {
    const guide = readFileSync(join(root, "docs/guides/deploy-aws.md"), "utf8");
    for (const { why } of WILDCARDS) expect(guide).toContain(why);
  });
});

describe("permissions on AWS", () => {
  const grants = everything.flatMap((definition) =>
    Object.keys(definition.uses).map((grant): [string, string] => [definition.name, grant]),
  );

  /** What all ARNs begin with, up to the kind or name of the resource. */
  const PREFIX = /^arn:\S+?:(?=auterity|table|secret:|log-group)/;

  /** `<function> <action> <resource>`, sorted. */
  function rightsOf(definitions: readonly FunctionDefinition[]): readonly string[] {
    return [...permissionsAws(deployManifest(definitions))]
      .flatMap(([name, permissions]) =>
        permissions.flatMap(({ resource, actions }) =>
          actions.map((action) => `${name} ${action} ${resource.replace(PREFIX, "")}`),
        ),
      )
      .toSorted();
  }

  function without(name: string, grant: string): readonly FunctionDefinition[] {
    return everything.map((definition) => {
      if (definition.name !== name) return definition;
      const uses = Object.entries(definition.uses).filter(([member]) => member !== grant);
      return { ...definition, uses: Object.fromEntries(uses) };
    });
  }

  it("lose exactly those of a grant that is removed", () => {
    const before = rightsOf(everything);
    const lost = Object.fromEntries(
      grants.map(([name, grant]) => {
        const after = new Set(rightsOf(without(name, grant)));
        expect([...after].filter((right) => !before.includes(right))).toEqual([]);
        return [`${name}.${grant}`, before.filter((right) => !after.has(right))];
      }),
    );
    expect(lost).toMatchInlineSnapshot(`
      {
        "order-api.jobs": [
          "order-api s3:GetObject auterity-dev-\${AWS::AccountId}-claims/*",
          "order-api s3:ListBucket auterity-dev-\${AWS::AccountId}-claims",
          "order-api s3:PutObject auterity-dev-\${AWS::AccountId}-claims/*",
          "order-api sqs:SendMessage auterity-dev-jobs",
        ],
        "order-mailer.reports": [
          "order-mailer s3:ListBucket auterity-dev-\${AWS::AccountId}-reports",
        ],
        "order-page.orders": [
          "order-page dynamodb:GetItem table/auterity-dev orders/*",
          "order-page dynamodb:PutItem table/auterity-dev orders/*",
        ],
        "order-sweeper.orders": [
          "order-sweeper dynamodb:DeleteItem table/auterity-dev orders/*",
          "order-sweeper dynamodb:GetItem table/auterity-dev orders/*",
          "order-sweeper dynamodb:PutItem table/auterity-dev orders/*",
          "order-sweeper dynamodb:Query table/auterity-dev orders/*",
        ],
        "order-worker.files": [
          "order-worker s3:GetObject auterity-dev-\${AWS::AccountId}-files/*",
          "order-worker s3:ListBucket auterity-dev-\${AWS::AccountId}-files",
          "order-worker s3:PutObject auterity-dev-\${AWS::AccountId}-files/*",
        ],
        "order-worker.key": [
          "order-worker secretsmanager:GetSecretValue secret:auterity-dev-signing/key-??????",
        ],
        "order-worker.outbox": [
          "order-worker sqs:SendMessage auterity-dev-outbox",
        ],
        "order-worker.placed": [
          "order-worker sns:Publish auterity-dev-placed",
        ],
        "order-worker.read": [
          "order-worker dynamodb:Query table/auterity-dev orders/*",
        ],
        "order-worker.tell": [
          "order-worker secretsmanager:GetSecretValue secret:auterity-dev-action-tokens/*",
        ],
        "order-worker.write": [
          "order-worker dynamodb:DeleteItem table/auterity-dev orders/*",
          "order-worker dynamodb:PutItem table/auterity-dev orders/*",
        ],
      }
    `);
  });

  it("are what the rendered roles allow, word by word", () => {
    const text = [...renderServerless(all).values()].join("").replaceAll("${sls:stage}", "dev");
    for (const permissions of permissionsAws(all).values()) {
      for (const { resource } of permissions) {
        for (const part of resource.split(" ")) expect(text).toContain(part);
      }
    }
  });
});

await withEngine("cfn-lint", startCfnLint, (linter) => {
  it.each(Object.entries(templates))("finds no error in the template of %s", (_, text) => {
    expect(linter.errorsIn(text)).toEqual([]);
  });

  it("finds one that is planted", () => {
    const broken = templates["this project"].replace('"KeySchema"', '"KeySchemes"');
    expect(linter.errorsIn(broken).join("\n")).toContain("'KeySchemes' was unexpected");
  });
});
