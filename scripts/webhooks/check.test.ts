import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import examples from "@octokit/webhooks-examples";
import { afterAll, expect, it } from "vitest";
import awsEvents from "../../functions/integrations/aws-lambda/fixtures/events.json" with { type: "json" };
import slackEvents from "../../functions/integrations/slack/fixtures/events.json" with { type: "json" };
import google from "../../shared/cloud-events/fixtures.json" with { type: "json" };
import vectors from "../../shared/webhooks/fixtures.json" with { type: "json" };
import { main } from "./check.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "webhooks-check-"));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

const { slack } = vectors;

function messageOf(kind: string): unknown {
  return awsEvents.find(({ type }) => type === kind)?.payload.Message;
}

const files = {
  "aws/lambda-events.json": {
    "s3/base.json": messageOf("s3"),
    "eventbridge/base.json": messageOf("eventbridge"),
    "sqs/base.json": { Records: [messageOf("sqs")] },
    "sns/base.json": { Records: [{ Sns: awsEvents.find(({ type }) => type === "sns")?.payload }] },
    "alb/base.json": { httpMethod: "GET" },
  },
  "github/webhooks-examples.json": Object.fromEntries(
    examples.map(({ name, examples: payloads }) => [name, payloads]),
  ),
  "slack/java-slack-sdk-samples.json": Object.fromEntries(
    slackEvents.map(({ type, payload }) => [type, payload]),
  ),
  "slack/events-api-asyncapi-examples.json": {
    "/components/schemas/GenericEventWrapper": [slackEvents[0]?.payload],
  },
  "google/google-cloudevents.json": google.payloads,
  "_signatures/vectors.json": [
    {
      vendor: "slack",
      secret: slack.secret,
      body: slack.body,
      timestamp: slack.headers["x-slack-request-timestamp"],
      signature: slack.headers["x-slack-signature"],
    },
  ],
};

async function check(changes: Readonly<Record<string, unknown>>): Promise<[number, string]> {
  const folder = mkdtempSync(join(scratch, "case-"));
  for (const [name, content] of Object.entries({ ...files, ...changes })) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), JSON.stringify(content));
  }
  const lines: string[] = [];
  const code = await main([folder], root, (line) => lines.push(line));
  return [code, lines.join("\n")];
}

it("finds that every recorded webhook fits", async () => {
  const [code, text] = await check({});
  expect([code, text]).toEqual([
    0,
    expect.stringMatching(/^aws: 4 read, 4 fit, 0 refused\ngithub: (\d+) read, \1 fit, 0 refused/),
  ]);
});

it.each([
  ["aws", "aws/lambda-events.json", { "s3/odd.json": { Records: [{ s3: { bucket: {} } }] } }],
  ["aws", "aws/lambda-events.json", { "eventbridge/odd.json": { "detail-type": "x" } }],
  ["aws", "aws/lambda-events.json", {}],
  ["github", "github/webhooks-examples.json", { push: [{ ref: 1 }] }],
  ["slack", "slack/java-slack-sdk-samples.json", { odd: { type: "block_actions" } }],
  ["google", "google/google-cloudevents.json", { "a/StorageObjectData-odd.json": { name: "x" } }],
  ["google", "google/google-cloudevents.json", { "a/NewData-odd.json": {} }],
  ["signatures", "_signatures/vectors.json", [{ vendor: "slack", signature: "v0=00" }]],
  ["signatures", "_signatures/vectors.json", [{ vendor: "nobody", signature: "00" }]],
  ["signatures", "_signatures/vectors.json", []],
])("fails for one of %s that does not, and for none at all", async (what, name, content) => {
  const [code, text] = await check({ [name]: content });
  expect(code).toBe(1);
  expect(text).toMatch(new RegExp(`^${what}: (?:0 read|[12] read, [01] fit, 1 refused)`, "m"));
});

it("says how it is called", async () => {
  expect(await main([], root, () => undefined)).toBe(2);
});
