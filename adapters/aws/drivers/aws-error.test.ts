import { listen, replayServer } from "#shared/testing";
import { expect, it } from "vitest";
import { dynamoDbState } from "./state-dynamodb.ts";

const key = { store: "items", partition: "acme~~a", sort: "1" };
const local = {
  region: "eu-central-1",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
  table: "state",
};

const codes = [
  [
    400,
    "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
    "resource_exhausted",
  ],
  [400, "com.amazon.coral.availability#ThrottlingException", "resource_exhausted"],
  [400, "com.amazonaws.dynamodb.v20120810#RequestLimitExceeded", "resource_exhausted"],
  [400, "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", "not_found"],
  [400, "com.amazonaws.dynamodb.v20120810#TransactionConflictException", "aborted"],
  [400, "com.amazon.coral.service#AccessDeniedException", "permission_denied"],
  [400, "com.amazon.coral.service#UnrecognizedClientException", "unauthenticated"],
  [400, "com.amazon.coral.service#ExpiredTokenException", "unauthenticated"],
  [400, "com.amazon.coral.validate#ValidationException", "invalid_argument"],
  [500, "com.amazonaws.dynamodb.v20120810#InternalServerError", "unavailable"],
  [503, "something.new#Unheard", "unavailable"],
  [400, "something.new#Unheard", undefined],
] as const;

it.each(codes)("an answer of %i %s is %s, asked for once", async (status, type, code) => {
  const server = await replayServer([{ status, json: { __type: type, message: "no" } }]);
  const driver = dynamoDbState({ ...local, endpoint: server.url });
  const error: unknown = await driver.read(key, undefined).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Error);
  expect(driver.codeOf(error)).toBe(code);
  expect(server.seen).toHaveLength(1);
  await driver.close();
  await server.close();
});

it("no method takes a failure of the store for an answer", async () => {
  const json = { __type: "com.amazonaws.dynamodb.v20120810#InternalServerError", message: "no" };
  const server = await replayServer(Array.from({ length: 4 }, () => ({ status: 500, json })));
  const driver = dynamoDbState({ ...local, endpoint: server.url });
  const write = { kind: "delete", key, condition: { kind: "any" } } as const;
  const range = { ...key, from: "", to: undefined, after: undefined, limit: 1, descending: false };
  const calls = [
    driver.read(key, undefined),
    driver.write(write, undefined),
    driver.transact([write], undefined),
    driver.list(range, undefined),
  ];
  const outcomes = await Promise.allSettled(calls);
  const reasons = outcomes.map((outcome) => outcome.status === "rejected" && outcome.reason);
  expect(reasons.map((reason) => driver.codeOf(reason))).toEqual(calls.map(() => "unavailable"));
  await driver.close();
  await server.close();
});

it("a connection that is refused or cut is unavailable, an ended call cancelled", async () => {
  const nobody = dynamoDbState({ ...local, endpoint: "http://127.0.0.1:1" });
  const refused: unknown = await nobody.read(key, undefined).catch((thrown: unknown) => thrown);
  expect(nobody.codeOf(refused)).toBe("unavailable");
  const server = await listen((_, response) => response.destroy());
  const driver = dynamoDbState({ ...local, endpoint: server.url });
  const cut: unknown = await driver.read(key, undefined).catch((thrown: unknown) => thrown);
  expect(driver.codeOf(cut)).toBe("unavailable");
  const over = AbortSignal.abort(new Error("over"));
  const ended: unknown = await driver.read(key, over).catch((thrown: unknown) => thrown);
  expect(driver.codeOf(ended)).toBe("cancelled");
  for (const other of [undefined, null, "text", new Error("ours")]) {
    expect(driver.codeOf(other)).toBeUndefined();
  }
  await driver.close();
  await server.close();
});

it.each([
  [["None", "ConditionalCheckFailed", "ConditionalCheckFailed"], { ok: false, failedAt: 1 }],
  [["ConditionalCheckFailed", "TransactionConflict", "None"], "aborted"],
  [["None", "TransactionConflict", "None"], "aborted"],
  [["None", "ThrottlingError", "None"], "aborted"],
  [["None", "None"], "aborted"],
])("a transaction that was cancelled for %j gives %j", async (reasons, expected) => {
  const CancellationReasons = reasons.map((Code) => ({ Code }));
  const json = {
    __type: "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
    message: "Transaction cancelled",
    CancellationReasons,
  };
  const server = await replayServer([{ status: 400, json }]);
  const driver = dynamoDbState({ ...local, endpoint: server.url });
  const writes = reasons.map((_, index) => ({
    kind: "delete" as const,
    key: { ...key, sort: String(index) },
    condition: { kind: "any" as const },
  }));
  const outcome = await driver
    .transact(writes, undefined)
    .catch((error: unknown) => driver.codeOf(error));
  expect(outcome).toEqual(expected);
  await driver.close();
  await server.close();
});
