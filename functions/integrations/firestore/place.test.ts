import { describe, expect, it } from "vitest";
import { document, documents, fault, runAction, updateTime } from "./run-action.conformance.ts";

describe("a path", () => {
  it.each(["orders", "orders/", "/orders/1", "a/b/c", "a/..", "a/.", "a//b/c", "a/__x__", ""])(
    "%j is no document's",
    async (path) => {
      const { outcome, sent } = await runAction("get-document", { document: path }, []);
      expect([outcome, sent]).toEqual([fault("invalid_argument"), []]);
    },
  );

  it("keeps odd characters within their segment", async () => {
    const { sent } = await runAction("get-document", { document: "a b/c?d#e%2F:x" }, [
      { json: document("x/y") },
    ]);
    expect(sent[0]?.path).toBe(`/v1/${documents}/a b/c?d#e%2F:x`);
  });
});

describe("a connection with a root", () => {
  const root = { root: "tenants/acme" };
  const below = `${documents}/tenants/acme`;

  it("is below it with whatever it does", async () => {
    const write = { op: "delete", document: "a/b" };
    const calls: [string, object][] = [
      ["get-document", { document: "a/b" }],
      ["get-documents", { documents: ["a/b"] }],
      ["list-documents", { collection: "a" }],
      ["list-collections", {}],
      ["create-document", { document: "a/b", fields: {} }],
      ["update-document", { document: "a/b", fields: { x: 1 } }],
      ["delete-document", { document: "a/b" }],
      ["run-query", { collection: "a", allDescendants: true }],
      ["aggregate-query", { collection: "a", aggregations: [{ as: "n", count: {} }] }],
      ["follow-query", { collection: "a" }],
      ["batch-write", { writes: [write] }],
      ["commit-writes", { writes: [write] }],
      ["run-transaction", { require: [{ document: "a/b", exists: true }], writes: [write] }],
      ["replay-writes", { queue: [{ id: "queue-001", write }] }],
    ];
    for (const [name, input] of calls) {
      const { sent } = await runAction(name, input, [{ status: 200, json: {} }], root);
      expect([name, sent.length > 0]).toEqual([name, true]);
      for (const request of sent) {
        const names = JSON.stringify(request).match(/projects\/[^"]*/g) ?? [];
        const outside = names.filter(
          (one) =>
            !one.startsWith(below) &&
            !/\/documents:(?:batchGet|batchWrite|commit|rollback)$/.test(one),
        );
        expect([name, outside]).toEqual([name, []]);
      }
    }
  });

  it("tells references relative to it, and those out of it in full", async () => {
    const fields = {
      own: { referenceValue: `${below}/people/1` },
      other: { referenceValue: `${documents}/tenants/globex/people/1` },
    };
    const { outcome } = await runAction(
      "get-document",
      { document: "a/b" },
      [{ json: document("tenants/acme/a/b", fields) }],
      root,
    );
    expect(outcome).toMatchObject({
      document: "a/b",
      fields: {
        own: { $reference: "people/1" },
        other: { $reference: `${documents}/tenants/globex/people/1` },
      },
    });
  });

  const admin: [string, object][] = [
    ["list-indexes", {}],
    ["create-index", { collection: "a", fields: [{ field: "x" }, { field: "y" }] }],
    ["delete-index", { collection: "a", index: "i" }],
    ["set-field-index", { collection: "a", field: "x", indexes: "default" }],
    ["set-ttl", { collection: "a", field: "x", enabled: true }],
    ["list-ttl", {}],
    ["get-operation", { operation: "o" }],
    ["get-rules", {}],
    ["list-rulesets", {}],
    ["create-ruleset", { rules: "x" }],
    ["release-ruleset", { ruleset: "r" }],
    ["test-rules", { rules: "x" }],
  ];
  it.each(admin)("may not %s, which is for the whole database", async (name, input) => {
    for (const limited of [root, { "readable-fields": "x" }, { "writable-fields": "x" }]) {
      const { outcome, sent } = await runAction(name, input, [], limited);
      expect([outcome, sent]).toEqual([fault("permission_denied"), []]);
    }
  });
});

const aggregate = (sum: string) => ({ collection: "a", aggregations: [{ as: "n", sum }] });
const condition = (field: string) => ({
  require: [{ document: "a/b", field, equals: 1 }],
  writes: [{ op: "delete", document: "a/b" }],
});

describe("a connection that may read some fields", () => {
  const readable = { "readable-fields": "name, address.city" };
  const refused: [string, object][] = [
    ["get-document", { document: "a/b", fields: ["salary"] }],
    ["get-documents", { documents: ["a/b"], fields: ["address"] }],
    ["list-documents", { collection: "a", fields: ["salary"] }],
    ["run-query", { collection: "a", where: [{ field: "salary", op: ">", value: 1 }] }],
    ["run-query", { collection: "a", where: [{ anyOf: [[{ field: "salary", is: "null" }]] }] }],
    ["run-query", { collection: "a", orderBy: [{ field: "salary" }] }],
    ["run-query", { collection: "a", fields: ["salary"] }],
    ["follow-query", { collection: "a", orderBy: [{ field: "`salary`" }] }],
    ["aggregate-query", aggregate("salary")],
    ["aggregate-query", { ...aggregate("name"), where: [{ field: "salary", op: "==", value: 1 }] }],
    ["run-transaction", condition("salary")],
  ];
  it.each(refused)("may not %s %j", async (name, input) => {
    const { outcome, sent } = await runAction(name, input, [], readable);
    expect([outcome, sent]).toEqual([fault("permission_denied"), []]);
  });

  it("asks for those alone", async () => {
    const mask = { mask: { fieldPaths: ["name", "address.city"] } };
    const many = await runAction("get-documents", { documents: ["a/b"] }, [{ json: [] }], readable);
    expect(many.sent[0]?.json).toMatchObject(mask);
    const query = await runAction("run-query", { collection: "a" }, [{ json: [] }], readable);
    expect(query.sent[0]?.json).toMatchObject({
      structuredQuery: {
        select: { fields: [{ fieldPath: "name" }, { fieldPath: "address.city" }] },
      },
    });
  });

  it("is not told what a write made of another field", async () => {
    const writes = [
      {
        op: "update",
        document: "a/b",
        transforms: [
          { field: "salary", increment: 1 },
          { field: "name", append: ["x"] },
        ],
      },
    ];
    const writeResults = [
      { updateTime, transformResults: [{ integerValue: "9" }, { stringValue: "x" }] },
    ];
    const { outcome } = await runAction(
      "commit-writes",
      { writes },
      [{ json: { writeResults, commitTime: updateTime } }],
      readable,
    );
    expect(outcome).toMatchObject({ results: [{ transformed: [null, "x"] }] });
  });
});

describe("a connection that may write some fields", () => {
  const writable = { "writable-fields": "status,address.city" };
  const refused: [string, object][] = [
    ["create-document", { document: "a/b", fields: { status: 1, salary: 2 } }],
    ["update-document", { document: "a/b", fields: { salary: 2 } }],
    ["update-document", { document: "a/b", remove: ["salary"] }],
    ["update-document", { document: "a/b", fields: { address: {} } }],
    ["delete-document", { document: "a/b" }],
    ["commit-writes", { writes: [{ op: "set", document: "a/b", fields: { status: 1 } }] }],
    ["batch-write", { writes: [{ op: "create", document: "a/b", fields: { salary: 1 } }] }],
    [
      "replay-writes",
      {
        queue: [
          { id: "queue-001", write: { op: "update", document: "a/b", fields: { status: 1 } } },
          {
            id: "queue-002",
            write: {
              op: "update",
              document: "a/b",
              transforms: [{ field: "salary", increment: 1 }],
            },
          },
        ],
      },
    ],
  ];
  it.each(refused)("may not %s %j", async (name, input) => {
    const { outcome, sent } = await runAction(name, input, [], writable);
    expect([outcome, sent]).toEqual([fault("permission_denied"), []]);
  });

  it("writes those, and no other that stands beside them", async () => {
    const input = {
      document: "a/b",
      fields: { status: 1, address: { city: "x", street: "y" } },
      mask: ["status", "address.city"],
    };
    const { sent } = await runAction(
      "update-document",
      input,
      [{ json: { commitTime: updateTime } }],
      writable,
    );
    expect(sent[0]?.json).toMatchObject({
      writes: [{ updateMask: { fieldPaths: ["status", "address.city"] } }],
    });
  });
});
