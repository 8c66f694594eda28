import { Fault } from "#shared/errors";
import { describe, expect, it } from "vitest";
import { errorOf } from "./client.ts";
import { document, fault, runAction, updateTime } from "./run-action.conformance.ts";

const failed = (status: string, message = "") => ({ error: { status, message } });

describe("errorOf", () => {
  it.each([
    [404, failed("NOT_FOUND"), "not_found", "NOT_FOUND"],
    [409, failed("ALREADY_EXISTS"), "already_exists", "ALREADY_EXISTS"],
    [
      409,
      failed("ABORTED", "Too much contention on these documents."),
      "aborted",
      /try again later/,
    ],
    [
      400,
      failed("FAILED_PRECONDITION", "The query requires an index. https://x"),
      "failed_precondition",
      /create-index/,
    ],
    [
      400,
      failed(
        "FAILED_PRECONDITION",
        "the stored version (1) does not match the required base version (2)",
      ),
      "failed_precondition",
      /ifUpdateTime/,
    ],
    [400, [failed("INVALID_ARGUMENT")], "invalid_argument", "INVALID_ARGUMENT"],
    [403, failed("PERMISSION_DENIED"), "permission_denied", "PERMISSION_DENIED"],
    [429, failed("RESOURCE_EXHAUSTED"), "resource_exhausted", "RESOURCE_EXHAUSTED"],
    [500, failed("INTERNAL"), "unavailable", "INTERNAL"],
    [503, failed("UNAVAILABLE"), "unavailable", "UNAVAILABLE"],
    [401, failed("UNAUTHENTICATED"), "unauthenticated", "UNAUTHENTICATED"],
  ])("%i %j", (status, body, code, reason) => {
    const failure = errorOf({ status, headers: {}, body });
    expect(failure?.code).toBe(code);
    expect(failure?.reason).toMatch(reason);
  });

  it.each([
    [200, failed("NOT_FOUND")],
    [502, "<html>"],
    [404, failed("constructor")],
  ])("leaves %i %j to the status", (status, body) => {
    expect(errorOf({ status, headers: {}, body })).toBeUndefined();
  });

  it("passes on no message, which may quote a document", () => {
    const body = failed("INVALID_ARGUMENT", "invalid value for orders/secret-7");
    expect(JSON.stringify(errorOf({ status: 400, headers: {}, body }))).not.toContain("secret");
  });
});

describe("run-query", () => {
  it.each(["x", "bm9uZQ", Buffer.from('[{"integerValue":"1"}]').toString("base64url")])(
    "does not take %s for a position of it",
    async (from) => {
      const input = { collection: "a", orderBy: [{ field: "n" }], from };
      const { outcome } = await runAction("run-query", input, []);
      expect(outcome).toEqual(fault("invalid_argument"));
    },
  );

  it("goes on behind the last document, in the order of inequalities", async () => {
    const where = [
      { field: "z", op: ">", value: 1 },
      { field: "b", op: "!=", value: 1 },
    ];
    const input = { collection: "a", where, limit: 1, fields: ["c"] };
    const found = document("a/1", {
      z: { integerValue: "5" },
      b: { stringValue: "q" },
      c: { nullValue: null },
    });
    const first = await runAction("run-query", input, [
      { json: [{ document: found, readTime: updateTime }] },
    ]);
    expect(first.outcome).toMatchObject({ items: [{ fields: { c: null } }] });
    const from: unknown = Reflect.get(Object(first.outcome), "next");
    const { sent } = await runAction("run-query", { ...input, from }, [
      { json: [{ readTime: updateTime }] },
    ]);
    expect(sent[0]?.json).toMatchObject({
      structuredQuery: {
        orderBy: [
          { field: { fieldPath: "b" } },
          { field: { fieldPath: "z" } },
          { field: { fieldPath: "__name__" } },
        ],
        startAt: {
          values: [{ stringValue: "q" }, { integerValue: "5" }, { referenceValue: found.name }],
          before: false,
        },
      },
    });
  });
});

const read = (free: number, transaction: string) => ({
  json: [{ transaction, found: document("stock/a", { free: { integerValue: String(free) } }) }],
});

describe("run-transaction", () => {
  const input = {
    require: [{ document: "stock/a", field: "free", atLeast: 1 }],
    writes: [{ op: "update", document: "stock/a", transforms: [{ field: "free", increment: -1 }] }],
  };
  const aborted = new Fault("aborted", "x", { origin: "upstream" });
  const committed = { json: { commitTime: updateTime } };

  it("looks again after others were faster, and commits what it saw last", async () => {
    const { outcome, sent } = await runAction("run-transaction", input, [
      read(2, "T1"),
      aborted,
      read(1, "T2"),
      committed,
    ]);
    expect(outcome).toMatchObject({ committed: true, unmet: [] });
    expect(sent.map(({ json }) => json)).toMatchObject([
      { newTransaction: { readWrite: {} } },
      { transaction: "T1" },
      { newTransaction: { readWrite: { retryTransaction: "T1" } } },
      { transaction: "T2" },
    ]);
  });

  it("writes nothing where a condition does not hold, and gives its locks back", async () => {
    const { outcome, sent } = await runAction("run-transaction", input, [
      read(0, "T1"),
      { json: {} },
    ]);
    expect(outcome).toMatchObject({ committed: false, results: [], unmet: [0] });
    expect(sent.map(({ path }) => path.replace(/.*:/, ""))).toEqual(["batchGet", "rollback"]);
  });

  it("gives up after its attempts", async () => {
    const answers = [read(2, "T1"), aborted, read(2, "T2"), aborted];
    const { outcome, sent } = await runAction(
      "run-transaction",
      { ...input, attempts: 2 },
      answers,
    );
    expect([outcome, sent.length]).toEqual([fault("aborted"), 4]);
  });

  it("does not try again what may have been committed", async () => {
    const lost = new Fault("unavailable", "x", { origin: "upstream" });
    const { outcome, sent } = await runAction("run-transaction", input, [read(2, "T1"), lost]);
    expect([outcome, sent.length]).toEqual([fault("unavailable"), 2]);
  });

  it.each([
    [{ document: "d/1", exists: false }, false],
    [{ document: "d/2", exists: false }, true],
    [{ document: "d/1", field: "n", equals: 5 }, true],
    [{ document: "d/1", field: "n", equals: { $double: 5 } }, true],
    [{ document: "d/1", field: "n", equals: "5" }, false],
    [{ document: "d/1", field: "m.k", equals: [true] }, true],
    [{ document: "d/1", field: "m.toString", equals: null }, false],
    [{ document: "d/1", field: "none", equals: null }, false],
    [{ document: "d/2", field: "n", equals: null }, false],
    [{ document: "d/1", field: "n", atMost: 5 }, true],
    [{ document: "d/1", field: "n", atMost: 4 }, false],
    [{ document: "d/1", field: "m", atLeast: 0 }, false],
  ])("%j holds: %s", async (condition, expected) => {
    const k = { arrayValue: { values: [{ booleanValue: true }] } };
    const found = document("d/1", { n: { integerValue: "5" }, m: { mapValue: { fields: { k } } } });
    const answers = [{ json: [{ transaction: "T" }, { found }] }, committed];
    const { outcome } = await runAction(
      "run-transaction",
      { ...input, require: [condition] },
      answers,
    );
    expect(outcome).toMatchObject({ committed: expected });
  });
});

const entry = (number: number) => ({
  id: `queue-00${number}`,
  write: { op: "set", document: `a/${number}`, fields: {} },
});

describe("replay-writes", () => {
  const applied = { json: { writeResults: [{ updateTime }], commitTime: updateTime } };
  const lost = new Fault("unavailable", "gone", { origin: "upstream" });

  it("stops where the way is cut, and tells what is left", async () => {
    const { outcome, sent } = await runAction("replay-writes", { queue: [1, 2, 3].map(entry) }, [
      applied,
      lost,
    ]);
    expect(outcome).toMatchObject({
      outcomes: [{ outcome: "applied" }, { outcome: "pending" }, { outcome: "pending" }],
      stopped: { code: "unavailable" },
    });
    expect(sent).toHaveLength(2);
  });

  it("fails as a whole where nothing was done", async () => {
    const { outcome } = await runAction("replay-writes", { queue: [entry(1)] }, [lost]);
    expect(outcome).toEqual(fault("unavailable"));
  });

  it("leaves the rest when its time is over", async () => {
    const { outcome, sent } = await runAction(
      "replay-writes",
      { queue: [entry(1)] },
      [applied],
      {},
      4_000,
    );
    expect(outcome).toMatchObject({
      outcomes: [{ outcome: "pending" }],
      stopped: { code: "deadline_exceeded" },
    });
    expect(sent).toEqual([]);
  });

  it("refuses a queue that has an id twice", async () => {
    const { outcome } = await runAction("replay-writes", { queue: [entry(1), entry(1)] }, []);
    expect(outcome).toEqual(fault("invalid_argument"));
  });
});

const at = (readTime: string, ...found: object[]) => ({
  json: [...found.map((one) => ({ document: one, readTime })), { readTime }],
});

describe("follow-query", () => {
  it("goes on looking for as long as it is told, and tells each change once", async () => {
    const changed = { ...document("a/1"), updateTime: "2026-11-21T09:00:00Z" };
    const answers = [at("T1", document("a/1")), at("T2", changed), at("T3", changed), at("T4")];
    const input = { collection: "a", waitSeconds: 15, everySeconds: 5 };
    const { outcome, sent } = await runAction("follow-query", input, answers, {}, 60_000);
    expect(outcome).toMatchObject({
      changes: [{ kind: "added" }, { kind: "modified" }, { kind: "removed", document: "a/1" }],
      next: "T4",
    });
    expect(sent).toHaveLength(4);
  });

  it("ends while there is time to answer", async () => {
    const input = { collection: "a", waitSeconds: 600, everySeconds: 5 };
    const { outcome, sent } = await runAction("follow-query", input, [at("T1")], {}, 21_000);
    expect(outcome).toEqual({ changes: [], next: "T1" });
    expect(sent).toHaveLength(4);
  });

  it("refuses what is too much to hold", async () => {
    const many = Array.from({ length: 1_001 }, (_, index) => document(`a/${index}`));
    const { outcome } = await runAction("follow-query", { collection: "a" }, [at("T1", ...many)]);
    expect(outcome).toEqual(fault("failed_precondition"));
  });
});

describe("release-ruleset", () => {
  it("makes the first release of a database", async () => {
    const name = "projects/my-project/releases/cloud.firestore/other";
    const rulesetName = "projects/my-project/rulesets/r-1";
    const missing = new Fault("not_found", "x", { origin: "upstream" });
    const answers = [missing, { json: { name, rulesetName } }];
    const { outcome, sent } = await runAction("release-ruleset", { ruleset: "r-1" }, answers, {
      database: "other",
    });
    expect(outcome).toEqual({ ruleset: "r-1", updateTime: null });
    expect(sent).toEqual([
      { method: "PATCH", path: `/v1/${name}`, json: { release: { name, rulesetName } } },
      { method: "POST", path: "/v1/projects/my-project/releases", json: { name, rulesetName } },
    ]);
  });
});

describe("get-operation", () => {
  it("waits for the end, and tells why it failed", async () => {
    const name = "projects/my-project/databases/(default)/operations/o-1";
    const error = { code: 9, message: "x" };
    const answers = [{ json: { name } }, { json: { name } }, { json: { name, done: true, error } }];
    const input = { operation: "o-1", waitSeconds: 10 };
    const { outcome, sent } = await runAction("get-operation", input, answers);
    expect(outcome).toMatchObject({ operation: "o-1", done: true, error: "FAILED_PRECONDITION" });
    expect(sent).toHaveLength(3);
  });
});
