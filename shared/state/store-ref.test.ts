import { memoryPorts } from "#shared/testing";
import { expect, expectTypeOf, it } from "vitest";
import * as z from "zod";
import type { Store } from "./store.ts";
import { store } from "./store-ref.ts";

const Run = z.object({
  repository: z.string(),
  id: z.string(),
  tries: z.number().default(0),
  note: z.string().optional(),
});
const runs = store("runs", { schema: Run, partition: "repository", sort: "id" });
type Runs = Store<z.output<typeof Run>, { repository: string; id: string }>;

const scope = {
  tenant: "default",
  traceparent: "",
  event: undefined,
  signal: new AbortController().signal,
};

it("types keys and values from the schema", () => {
  const grant = runs.grant("get", "put");
  expectTypeOf<ReturnType<typeof grant.connect>>().toEqualTypeOf<Pick<Runs, "get" | "put">>();
  // @ts-expect-error -- a number is no key
  store("runs", { schema: Run, partition: "tries", sort: "id" });
  expect(grant).toMatchObject({ kind: "state", resource: "runs", verbs: ["get", "put"] });
});

it("gives a client with the granted verbs and no others", async () => {
  const client = runs.grant("get", "create").connect(memoryPorts(), scope);
  expect(Object.keys(client)).toEqual(["get", "create"]);
  await client.create({ repository: "a", id: "1", tries: 1 });
  expect((await client.get({ repository: "a", id: "1" }))?.value.tries).toBe(1);
});

it("refuses a store name that no cloud would take", () => {
  const options = { schema: Run, partition: "repository", sort: "id" } as const;
  for (const name of ["", "Runs", "runs_", "a".repeat(61)]) {
    expect(() => store(name, options)).toThrow(/state.define/);
  }
});

it("refuses a time to live where none was declared, and a value that does not fit", async () => {
  const client = runs.grant("create").connect(memoryPorts(), scope);
  const value = { repository: "a", id: "1", tries: 1 };
  const expiring = client.create(value, { ttlSeconds: 5 });
  await expect(expiring).rejects.toMatchObject({ code: "invalid_argument" });
  // @ts-expect-error -- a text is no number
  const misfit = client.create({ ...value, tries: "many" });
  await expect(misfit).rejects.toMatchObject({ code: "invalid_argument" });
});

it("reports a stored row that its schema has left behind as our defect", async () => {
  const shared = memoryPorts();
  const key = { repository: "a", id: "1" };
  await runs
    .grant("create")
    .connect(shared, scope)
    .create({ ...key, tries: 1 });
  const narrower = store("runs", {
    schema: Run.extend({ owner: z.string() }),
    partition: "repository",
    sort: "id",
  });
  const read = narrower.grant("get").connect(shared, scope).get(key);
  await expect(read).rejects.toMatchObject({ code: "internal", details: { field: "owner" } });
});

it("refuses a store of several clouds whose rows cannot expire", () => {
  const options = { schema: Run, partition: "repository", sort: "id" } as const;
  for (const acrossClouds of [
    "home",
    "replicated",
    { merge: (a: z.output<typeof Run>) => a },
  ] as const) {
    expect(() => store("runs", { ...options, acrossClouds })).toThrow(
      expect.objectContaining({ code: "failed_precondition" }),
    );
    expect(store("runs", { ...options, acrossClouds, ttl: true })).toMatchObject({ acrossClouds });
  }
  expect(store("runs", options)).toMatchObject({ acrossClouds: "separate" });
});
