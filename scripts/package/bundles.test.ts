import { fileURLToPath } from "node:url";
import { needsOf } from "#shared/plan";
import { describe, expect, it } from "vitest";
import { GROWTH, readBudget } from "../budget/budget.ts";
import { eagerSdks, foreignInputs } from "../budget/functions.ts";
import { packageSizes } from "../budget/packages.ts";
import { bundleAll } from "../build/build.ts";
import { readRegistry } from "../build/registry.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const registry = await readRegistry(root);
const metafiles = await bundleAll(root, registry, "cloud");

/** The SDKs of each kind of grant. */
const sdks = {
  aws: {
    state: /client-dynamodb\//,
    queue: /client-sqs\//,
    topic: /client-(?:sns|eventbridge)\//,
    blob: /client-s3\//,
    secret: /client-secrets-manager\//,
  },
  gcp: {
    state: /@google-cloud\/firestore-api\//,
    queue: /@google-cloud\/pubsub\//,
    blob: /@google-cloud\/storage\//,
    secret: /@google-cloud\/secret-manager\//,
  },
} as const;

describe("what is deployed", () => {
  it("starts within the committed budget; edit docs/budget.json on purpose to grow", () => {
    const { packages } = readBudget(root);
    const sizes = packageSizes(metafiles);
    expect(Object.keys(sizes)).toEqual(Object.keys(packages));
    const grown = Object.entries(sizes).filter(
      ([name, bytes]) => bytes > (packages[name]?.startBytes ?? 0) * GROWTH,
    );
    expect(grown).toEqual([]);
  });

  it("holds no other cloud's SDK, and loads none before its first use", () => {
    expect(foreignInputs(metafiles)).toEqual([]);
    expect(eagerSdks(metafiles)).toEqual([]);
  });

  it.each(["aws", "gcp"] as const)("holds exactly the SDKs of what is granted on %s", (cloud) => {
    const held = metafiles[cloud].map(({ inputs, outputs }) => {
      const entry = Object.keys(outputs).find((path) => !path.includes("/chunks/")) ?? "";
      const sources = Object.keys(inputs);
      const kinds = Object.entries(sdks[cloud]).filter(([, sdk]) =>
        sources.some((source) => sdk.test(source)),
      );
      return [/([^/]+)\.mjs$/.exec(entry)?.[1], kinds.map(([kind]) => kind).toSorted()];
    });
    const granted = registry.deployables.map(({ name, definition }) => {
      const kinds = new Set<string>(needsOf(definition).map(({ kind }) => kind));
      return [
        name,
        Object.keys(sdks[cloud])
          .filter((kind) => kinds.has(kind))
          .toSorted(),
      ];
    });
    expect(Object.fromEntries(held)).toEqual(Object.fromEntries(granted));
  });
});
