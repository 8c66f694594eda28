import { randomUUID } from "node:crypto";
import { bindFunction } from "#shared/host";
import { integrationFunction } from "#shared/integration";
import { memoryToken, socketPorts, withEngine } from "#shared/testing";
import { expect, it } from "vitest";
import * as z from "zod";
import { startFirestoreEmulator } from "../../adapters/gcp/engines/firestore.conformance.ts";
import firestore from "../../functions/integrations/firestore/index.ts";

// It has no indexes, TTL policies or security rules to be managed, and reads the time of a condition in a query string as
// zero; what is here is what it does.

const definition = integrationFunction(firestore, { subscribers: [] });

const Body = z.record(z.string(), z.unknown());
type Answer = { readonly status: number; readonly body: z.infer<typeof Body> };
const Items = z.array(z.object({ document: z.string(), fields: z.record(z.string(), z.json()) }));
const Outcomes = z.array(z.object({ outcome: z.string() }));

/** A connection to a database of its own. The emulator takes "owner" for an administrator's token. */
function connect(baseUrl: string, settings: Readonly<Record<string, string>> = {}) {
  const fields = { token: "owner", project: `p-${randomUUID().slice(0, 8)}`, ...settings };
  const secrets = Object.entries(fields).map(
    ([name, value]) => [`connections/default/firestore/default/${name}`, value] as const,
  );
  const ports = socketPorts({
    secrets: Object.fromEntries(secrets),
    settings: { AUTERITY_BASE_URL_FIRESTORE: baseUrl },
  });
  return async (action: string, input: object): Promise<Answer> => {
    const { status, body } = await bindFunction(definition, ports, "test").http(
      {
        method: "POST",
        path: `/v1/integrations/firestore/actions/${action}`,
        query: "",
        headers: { authorization: `Bearer ${memoryToken}` },
        body: JSON.stringify(input),
        clientIp: undefined,
      },
      { id: randomUUID(), remainingMs: () => 30_000 },
    );
    return { status, body: Body.parse(JSON.parse(String(body))) };
  };
}

/** One value of every kind. */
const everything = {
  integer: 1,
  large: { $integer: "9007199254740993" },
  double: 1.5,
  nan: { $double: "NaN" },
  infinite: { $double: "-Infinity" },
  time: { $timestamp: "2026-01-01T00:00:00.123456Z" },
  bytes: { $bytes: "AQI=" },
  place: { $geo: { latitude: 0, longitude: 5 } },
  reference: { $reference: "customers/c-1" },
  list: [1, "x", { deep: [true] }],
  map: { empty: {}, none: [] },
  nothing: null,
  escaped: { $map: { $bytes: 1 } },
  vector: { $vector: [1, 2.5] },
  "a name, with `marks`": "ünï",
};

const set = (number: number) => ({ op: "set", document: `n/${number}`, fields: { number } });

await withEngine("the Firestore emulator", startFirestoreEmulator, ({ client }) => {
  const baseUrl = `http://${client.servicePath}:${client.port}/v1`;
  const open = (settings?: Readonly<Record<string, string>>) => connect(baseUrl, settings);

  it("keeps every kind of value", async () => {
    const call = open();
    const document = "orders/o-1";
    expect(await call("create-document", { document, fields: everything })).toMatchObject({
      status: 200,
    });
    const read = await call("get-document", { document });
    expect(read.body["fields"]).toEqual(everything);
    const fields = ["`a name, with \\`marks\\``", "map.empty"];
    expect(await call("get-document", { document, fields })).toMatchObject({
      body: { fields: { "a name, with `marks`": "ünï", map: { empty: {} } } },
    });
    expect(await call("create-document", { document, fields: {} })).toMatchObject({
      body: { code: "already_exists", origin: "upstream" },
    });
  });

  it("writes only on the state that the write is based on", async () => {
    const call = open();
    const document = "orders/o-1";
    const { body } = await call("create-document", {
      document,
      fields: { a: 1, b: { c: 2, d: 3 } },
    });
    const ifUpdateTime = body["updateTime"];
    const change = { document, fields: { a: 2 }, remove: ["b.d"], ifUpdateTime };
    expect(await call("update-document", change)).toMatchObject({ status: 200 });
    expect(await call("update-document", change)).toMatchObject({
      body: { code: "failed_precondition", detail: expect.stringContaining("ifUpdateTime") },
    });
    expect(await call("get-document", { document })).toMatchObject({
      body: { fields: { a: 2, b: { c: 2 } } },
    });
    expect(await call("delete-document", { document, ifUpdateTime })).toMatchObject({
      body: { code: "failed_precondition" },
    });
    expect(await call("delete-document", { document, mustExist: true })).toMatchObject({
      status: 200,
    });
    expect(await call("delete-document", { document, mustExist: true })).toMatchObject({
      body: { code: "not_found" },
    });
    expect(await call("update-document", { document, fields: { a: 1 } })).toMatchObject({
      body: { code: "not_found" },
    });
    const created = await call("update-document", { document, fields: { a: 1 }, orCreate: true });
    expect(created.status).toBe(200);
  });

  it("tells of each write of a batch, and of all together in a commit", async () => {
    const call = open();
    await call("batch-write", { writes: [set(1), set(2)] });
    const again = { op: "create", document: "n/1", fields: {} };
    expect(await call("batch-write", { writes: [again, set(3)] })).toMatchObject({
      body: {
        applied: [{ document: "n/3" }],
        failed: [{ document: "n/1", code: "already_exists" }],
      },
    });
    const add = { op: "update", document: "n/1", transforms: [{ field: "number", increment: 5 }] };
    expect(
      await call("commit-writes", { writes: [add, { ...again, document: "n/2" }] }),
    ).toMatchObject({
      body: { code: "already_exists" },
    });
    expect(await call("commit-writes", { writes: [add] })).toMatchObject({
      body: { results: [{ document: "n/1", transformed: [6] }] },
    });
    expect(await call("get-documents", { documents: ["n/1", "n/9", "n/1"] })).toMatchObject({
      body: { found: [{ document: "n/1", fields: { number: 6 } }], missing: ["n/9"] },
    });
  });

  it("pages through a query by every order, each document once", async () => {
    const call = open();
    const writes = Array.from({ length: 9 }, (_, index) => ({
      op: "set",
      document: `shops/s/n/${index}`,
      fields: { group: index % 3, text: `t${index}`, hidden: index },
    }));
    await call("batch-write", { writes });
    const queries: { fields?: string[]; where?: object[]; orderBy?: object[] }[] = [
      {},
      { orderBy: [{ field: "group", direction: "desc" }] },
      { where: [{ field: "group", op: ">=", value: 0 }], fields: ["text"] },
      {
        where: [{ field: "group", op: "!=", value: 7 }],
        orderBy: [{ field: "group" }, { field: "hidden" }],
      },
      {
        where: [
          {
            anyOf: [
              [{ field: "group", op: "==", value: 0 }],
              [{ field: "hidden", op: ">", value: 0 }],
            ],
          },
        ],
      },
    ];
    for (const query of queries) {
      const found: string[] = [];
      let from: unknown;
      do {
        const asked = {
          collection: "shops/s/n",
          limit: 2,
          ...query,
          ...(from === undefined ? {} : { from }),
        };
        const { status, body } = await call("run-query", asked);
        expect([status, query]).toEqual([200, query]);
        const items = Items.parse(body["items"]);
        const names = items.flatMap(({ fields }) => Object.keys(fields));
        expect(new Set(names)).toEqual(new Set(query.fields ?? ["group", "text", "hidden"]));
        found.push(...items.map(({ document }) => document));
        from = body["next"] ?? undefined;
      } while (from !== undefined && found.length < 20);
      expect(found.toSorted()).toEqual(writes.map(({ document }) => document));
    }
    const aggregations = [
      { as: "all", count: {} },
      { as: "few", count: { upTo: 4 } },
      { as: "total", sum: "hidden" },
      { as: "mean", avg: "hidden" },
    ];
    expect(await call("aggregate-query", { collection: "shops/s/n", aggregations })).toMatchObject({
      body: { results: { all: 9, few: 4, total: 36, mean: 4 } },
    });
  });

  it("tells what changed between two looks, and nothing twice", async () => {
    const call = open();
    const create = (id: string) => call("create-document", { document: `n/${id}`, fields: { id } });
    for (const id of ["a", "b", "c"]) await create(id);
    const first = await call("follow-query", { collection: "n" });
    await call("update-document", { document: "n/a", fields: { id: "A" } });
    await call("delete-document", { document: "n/b" });
    await create("d");
    const since = first.body["next"];
    const second = await call("follow-query", { collection: "n", since });
    expect(second.body["changes"]).toMatchObject([
      { kind: "modified", document: "n/a", fields: { id: "A" } },
      { kind: "added", document: "n/d" },
      { kind: "removed", document: "n/b" },
    ]);
    const third = await call("follow-query", { collection: "n", since: second.body["next"] });
    expect(third.body["changes"]).toEqual([]);
    const old = { collection: "n", since: "2020-01-01T00:00:00Z" };
    expect(await call("follow-query", old)).toMatchObject({
      body: { code: "failed_precondition", detail: expect.stringContaining("too old") },
    });
  });

  it("never sells what is not there, whoever is first", async () => {
    const call = open();
    await call("create-document", { document: "stock/a", fields: { free: 2 } });
    const buy = {
      require: [{ document: "stock/a", field: "free", atLeast: 1 }],
      writes: [
        { op: "update", document: "stock/a", transforms: [{ field: "free", increment: -1 }] },
      ],
      attempts: 5,
    };
    const bought = await Promise.all(Array.from({ length: 3 }, () => call("run-transaction", buy)));
    const sold = bought.filter(({ body }) => body["committed"] === true).length;
    expect(await call("get-document", { document: "stock/a" })).toMatchObject({
      body: { fields: { free: 2 - sold } },
    });
    expect(sold).toBeLessThanOrEqual(2);
    const last = await call("run-transaction", {
      ...buy,
      require: [{ document: "stock/b", exists: true }],
    });
    expect(last.body).toMatchObject({ committed: false, unmet: [0] });
  });

  it("replays a queue once, and tells what stands in the way", async () => {
    const call = open();
    await call("create-document", { document: "n/1", fields: { number: 1 } });
    const queue = [
      {
        id: "queue-001",
        write: { op: "update", document: "n/1", transforms: [{ field: "number", increment: 1 }] },
      },
      { id: "queue-002", write: { op: "create", document: "n/1", fields: {} } },
      { id: "queue-003", write: { op: "delete", document: "n/1" } },
      { id: "queue-004", write: { op: "create", document: "n/2", fields: {} } },
    ];
    const outcomesOf = async () => {
      const { body } = await call("replay-writes", { queue });
      return Outcomes.parse(body["outcomes"]).map(({ outcome }) => outcome);
    };
    expect(await outcomesOf()).toEqual(["applied", "conflict", "blocked", "applied"]);
    expect(await outcomesOf()).toEqual(["repeated", "conflict", "blocked", "repeated"]);
    expect(await call("get-document", { document: "n/1" })).toMatchObject({
      body: { fields: { number: 2 } },
    });
  });

  it("keeps a connection to its root and its fields", async () => {
    const project = `p-${randomUUID().slice(0, 8)}`;
    const all = open({ project });
    const acme = open({ project, root: "tenants/acme", "readable-fields": "name,address.city" });
    const globex = open({ project, root: "tenants/globex" });
    const fields = { name: "Ada", salary: 9, address: { city: "Utrecht", street: "x" } };
    await acme("create-document", { document: "people/1", fields });
    await globex("create-document", { document: "people/2", fields });
    const visible = { name: "Ada", address: { city: "Utrecht" } };
    expect((await acme("get-document", { document: "people/1" })).body["fields"]).toEqual(visible);
    const everyone = { collection: "people", allDescendants: true };
    expect(await acme("run-query", everyone)).toMatchObject({
      body: { items: [{ document: "people/1", fields: visible }] },
    });
    expect(await all("run-query", everyone)).toMatchObject({
      body: {
        items: [{ document: "tenants/acme/people/1" }, { document: "tenants/globex/people/2" }],
      },
    });
    const guess = { collection: "people", where: [{ field: "salary", op: ">", value: 8 }] };
    expect(await acme("run-query", guess)).toMatchObject({ body: { code: "permission_denied" } });
  });
});
