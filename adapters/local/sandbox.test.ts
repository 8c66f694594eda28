import { request } from "node:http";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Fixtures, readFixtures, type Sandbox, startSandbox } from "./sandbox.ts";

const root = fileURLToPath(new URL("../../functions/integrations", import.meta.url));
const recorded = readFixtures(root);
const status = 200;

const fixtures: Fixtures = {
  acme: {
    "create-item": {
      input: { list: "inbox", title: "Water" },
      exchanges: [
        {
          request: { method: "POST", path: "/lists/inbox/items" },
          response: {
            status: 201,
            json: { id: 42 },
            sandbox: {
              id: "$fresh:id",
              ts: "$fresh:ts",
              at: "$fresh:time",
              title: "$request:title",
            },
          },
        },
        {
          request: { method: "GET", path: "/items/42" },
          response: { status, json: { id: 42, state: "open" } },
        },
      ],
      output: {},
    },
    "list-items": {
      input: { list: "inbox" },
      exchanges: [
        {
          request: { method: "GET", path: "/lists/inbox/items" },
          response: { status, json: [], sandbox: { items: "$journal:POST /lists/inbox/items" } },
        },
      ],
      output: {},
    },
    "get-item": {
      input: { item: "mug" },
      exchanges: [
        {
          request: { method: "GET", path: "/goods/mug" },
          response: { status, json: { is: "mug" } },
        },
      ],
      output: {},
    },
    "make-item": {
      input: { item: "pot" },
      exchanges: [
        { request: { method: "GET", path: "/goods/pot" }, response: { status: 404 } },
        { request: { method: "PUT", path: "/goods/pot" }, response: { status, json: {} } },
      ],
      output: {},
    },
    "run-job": {
      input: { region: "eu-west-1" },
      exchanges: [
        {
          request: { method: "POST", host: "jobs.eu-west-1.example.com", path: "/v1/jobs" },
          response: { status: 202, headers: { location: "/v1/jobs/1" } },
        },
        {
          request: { method: "GET", host: "jobs.eu-west-1.example.com", path: "/v1/jobs/1" },
          response: { status, json: { done: false } },
        },
        {
          request: { method: "GET", host: "jobs.eu-west-1.example.com", path: "/v1/jobs/1" },
          response: { status, json: { done: true } },
        },
      ],
      output: {},
    },
    "ask-graph": {
      input: {},
      exchanges: [
        {
          request: { method: "POST", path: "/graphql", json: { query: "query a" } },
          response: { status, json: { data: "a" } },
        },
        {
          request: { method: "POST", path: "/graphql", json: { query: "query b" } },
          response: { status, events: [{ event: "part", data: { b: 1 } }, { data: "end" }] },
        },
      ],
      output: {},
    },
    "look-twice": {
      input: {},
      exchanges: [
        ...[1, 2].map((state) => ({
          request: { method: "POST" as const, path: "/look", json: { id: "job" } },
          response: { status, json: { state } },
        })),
        {
          request: { method: "POST", path: "/look", json: { id: "other" } },
          response: { status, json: { state: 0 } },
        },
      ],
      output: {},
    },
    "get-default": {
      input: {},
      exchanges: [
        {
          request: { method: "GET", path: "/items/default" },
          response: { status, json: { id: 1 } },
        },
        { request: { method: "DELETE", path: "/items/default" }, response: { status: 204 } },
      ],
      output: {},
    },
  },
};

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox(fixtures, () => Date.UTC(2026, 10, 21));
});
afterEach(() => sandbox.close());

async function ask(method: string, path: string, json?: unknown, at = sandbox) {
  const headers = { "content-type": "application/json" };
  const body = json === undefined ? {} : { body: JSON.stringify(json), headers };
  const response = await fetch(`${at.url}${path}`, { method, ...body });
  const text = await response.text();
  return { status: response.status, json: text === "" ? undefined : (JSON.parse(text) as unknown) };
}

describe("the sandbox", () => {
  it("answers the shape of a recorded request, whatever its parameters", async () => {
    expect(await ask("GET", "/acme/items/77")).toEqual({
      status: 200,
      json: { id: 42, state: "open" },
    });
    expect(await ask("GET", "/acme/items/default")).toEqual({ status: 200, json: { id: 1 } });
    expect(await ask("DELETE", "/acme/items/default")).toEqual({ status: 204, json: undefined });
  });

  it("prefers the recording that names what is asked for", async () => {
    for (let time = 0; time < 3; time++) {
      expect(await ask("GET", "/acme/goods/mug")).toEqual({ status: 200, json: { is: "mug" } });
      expect((await ask("GET", "/acme/goods/pot")).status).toBe(404);
    }
  });

  it("makes what would be untrue in a recording", async () => {
    const first = await ask("POST", "/acme/lists/garden/items", { title: "Weed" });
    const second = await ask("POST", "/acme/lists/garden/items", { title: "Weed" });
    expect(first).toMatchObject({
      status: 201,
      json: {
        title: "Weed",
        at: "2026-11-21T00:00:00.000Z",
        ts: expect.stringMatching(/^\d{10}\.\d{6}$/),
      },
    });
    expect(first.json).not.toEqual(second.json);
  });

  it("remembers what it was asked, newest first, and counts it", async () => {
    await ask("POST", "/acme/lists/garden/items", { title: "Weed" });
    await ask("POST", "/acme/lists/house/items", { title: "Dust" });
    expect(await ask("GET", "/acme/lists/any/items")).toMatchObject({
      json: { items: [{ title: "Dust" }, { title: "Weed" }] },
    });
    expect(sandbox.journal()).toEqual({
      "acme POST /lists/inbox/items": 2,
      "acme GET /lists/inbox/items": 1,
    });
  });

  it("stands in for other hosts, wherever they are, and plays a sequence again and again", async () => {
    const started = await fetch(`${sandbox.url}/acme/~jobs.us-east-2.example.com/v1/jobs`, {
      method: "POST",
    });
    expect([started.status, started.headers.get("location")]).toEqual([202, "/v1/jobs/1"]);
    const job = "/acme/~jobs.us-east-2.example.com/v1/jobs/1";
    const looks = [await ask("GET", job), await ask("GET", job), await ask("GET", job)];
    expect(looks.map(({ json }) => json)).toEqual([
      { done: false },
      { done: true },
      { done: false },
    ]);
    expect((await ask("GET", "/acme/~jobs.us-east-2.evil.com/v1/jobs/1")).status).toBe(404);
  });

  it("tells requests to one path apart by what they say, and streams", async () => {
    expect((await ask("POST", "/acme/graphql", { query: "query a" })).json).toEqual({ data: "a" });
    const streamed = await fetch(`${sandbox.url}/acme/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query: "query b" }),
    });
    expect(streamed.headers.get("content-type")).toBe("text/event-stream");
    expect(await streamed.text()).toBe('event: part\ndata: {"b":1}\n\ndata: end\n\n');
  });

  it("plays a sequence from its beginning, whatever else is asked of its path", async () => {
    const states: unknown[] = [];
    for (let number = 0; number < 4; number++) {
      await ask("POST", "/acme/look", { id: "other" });
      states.push((await ask("POST", "/acme/look", { id: "job" })).json);
    }
    expect(states).toEqual([1, 2, 1, 2].map((state) => ({ state })));
  });

  it("says what it knows when it does not know", async () => {
    const unknown = await ask("PUT", "/acme/items/1");
    expect(unknown).toMatchObject({ status: 404, json: { code: "not_found" } });
    expect(JSON.stringify(unknown.json)).toContain("GET /items/default");
    expect((await ask("GET", "/other/items/1")).status).toBe(404);
    expect((await ask("GET", "/")).status).toBe(404);
    expect((await ask("GET", "/acme/items/1/2")).status).toBe(404);
  });

  it("refuses bodies and hosts that nobody means", async () => {
    expect((await ask("POST", "/acme/lists/a/items", "text")).status).toBe(201);
    const raw = await fetch(`${sandbox.url}/acme/lists/a/items`, {
      method: "POST",
      body: "{",
      headers: { "content-type": "application/json" },
    });
    expect(raw.status).toBe(400);
    const foreign = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { host: "evil.example" };
      request(`${sandbox.url}/acme/items/1`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });
    expect(foreign).toBe(403);
  });
});

describe("the recordings of this repository", () => {
  const exchanges = Object.entries(recorded).flatMap(([id, actions]) =>
    Object.entries(actions).flatMap(([action, fixture]) =>
      fixture.exchanges.map((exchange, index) => {
        const before = fixture.exchanges.slice(0, index);
        const turn = before.filter((one) => isDeepStrictEqual(one.request, exchange.request));
        return [`${id}.${action}`, id, exchange, turn.length] as const;
      }),
    ),
  );

  it("leave the template out", () => {
    expect(Object.keys(recorded)).not.toContain("_template");
    expect(exchanges.length).toBeGreaterThan(0);
  });

  it.each(exchanges)("%s is answered as it asks", async (_, id, exchange, turn) => {
    const real = await startSandbox(recorded);
    const { method, host, path, query = {}, json } = exchange.request;
    const where = host === undefined ? path : `/~${host}${path}`;
    const pairs = Object.entries(query).flatMap(([name, values]) =>
      [values].flat().map((value): [string, string] => [name, value]),
    );
    const asked = `/${id}${where}?${new URLSearchParams(pairs).toString()}`;
    const send = async (): Promise<Response> =>
      fetch(`${real.url}${asked}`, {
        method,
        ...(json === undefined
          ? {}
          : { body: JSON.stringify(json), headers: { "content-type": "application/json" } }),
        redirect: "manual",
      });
    // Equal requests are answered in the order in which they were recorded.
    for (let time = 0; time < turn; time++) await (await send()).text();
    const response = await send();
    const text = await response.text();
    await real.close();
    expect(response.status).toBe(exchange.response.status);
    expect(text).not.toMatch(/"\$(?:fresh|request|journal):/);
  });
});
