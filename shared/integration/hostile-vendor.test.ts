import { readFileSync } from "node:fs";
import type { FunctionDefinition, HttpOutput, Ports } from "#shared/function";
import { bindFunction } from "#shared/host";
import { memoryToken, type RawVendor, rawVendor, socketPorts } from "#shared/testing";
import { afterEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { defineAction, type WriteIdempotency } from "./define-action.ts";
import { defineIntegration } from "./define-integration.ts";
import {
  answer,
  type Behaviour,
  behaviours,
  isEndless,
  MAX_RESPONSE_BYTES,
} from "./hostile/behaviours.conformance.ts";
import { integrationFunction } from "./integration-function.ts";
import { path } from "./path.ts";

const described = {
  summary: "Test",
  docs: "https://docs.example.com",
  scopes: [],
  input: z.object({}),
  output: z.object({ id: z.int() }),
} as const;
const response = described.output;
const write = (idempotency: WriteIdempotency) =>
  defineAction({
    ...described,
    effect: "write" as const,
    idempotency,
    run: (api) =>
      api.request({
        method: "POST",
        path: path`/items`,
        json: {},
        response,
      }),
  });

const acme = (timeoutSeconds: number) =>
  defineIntegration({
    id: "acme",
    title: "Acme",
    summary: "Acme",
    category: "work",
    limits: [],
    docs: "https://docs.example.com",
    auth: {
      kind: "bearer",
      fields: {
        token: {
          label: "T",
          required: true,
          secret: true,
        },
      },
    },
    http: {
      baseUrl: "https://api.example.com",
      timeoutSeconds,
      maxResponseBytes: MAX_RESPONSE_BYTES,
    },
    health: "read-item",
    actions: {
      "read-item": defineAction({
        ...described,
        effect: "read" as const,
        run: (api) =>
          api.request({
            method: "GET",
            path: path`/items`,
            response,
          }),
      }),
      "write-once": write({
        kind: "none",
        why: "the vendor takes no key",
      }),
      "write-keyed": write({
        kind: "header",
        header: "idempotency-key",
      }),
      "write-natural": write({
        kind: "natural",
        why: "the same again",
      }),
    },
    catalog: { setup: [] },
  });

/** A vendor that is hostile to the connection "bad" and counts what it was asked and what it did. */
class Hostile {
  readonly effects = new Set<string>();
  requests = 0;
  #server: RawVendor | undefined;

  async start(act: Behaviour["act"]): Promise<string> {
    this.#server = await rawVendor((call) => {
      const { method, headers } = call;
      if (headers["authorization"] === "Bearer good") return answer(call, "200 OK");
      const n = ++this.requests;
      const effect = (): void => {
        if (method === "POST") this.effects.add(headers["idempotency-key"] ?? `request ${n}`);
      };
      return void act(call, n, effect);
    });
    return this.#server.url;
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }
}

const opened: Hostile[] = [];
afterEach(async () => {
  for (const vendor of opened.splice(0)) await vendor.close();
});

/** Attempts are short only where nothing else ends them, so that a busy machine fails no other test. */
async function open(act: Behaviour["act"], timeoutSeconds = 5) {
  const vendor = new Hostile();
  opened.push(vendor);
  const settings = { AUTERITY_BASE_URL_ACME: await vendor.start(act) };
  const secrets = Object.fromEntries(
    ["good", "bad"].map((name) => [`connections/default/acme/${name}/token`, name]),
  );
  const ports = socketPorts({ secrets, settings });
  const definition = integrationFunction(acme(timeoutSeconds), { subscribers: [] });
  const call = (action: string, connection = "bad"): Promise<HttpOutput> =>
    run(definition, ports, action, connection);
  return { vendor, call };
}

const openFor = (behaviour: Behaviour) => open(behaviour.act, isEndless(behaviour) ? 0.1 : 5);

function run(
  definition: FunctionDefinition,
  ports: Ports,
  action: string,
  connection: string,
): Promise<HttpOutput> {
  const headers = {
    authorization: `Bearer ${memoryToken}`,
    "x-auterity-connection": connection,
    "idempotency-key": "k-1",
  };
  const target = `/v1/integrations/acme/actions/${action}`;
  return bindFunction(definition, ports, "test").http(
    { method: "POST", path: target, query: "", headers, body: "{}", clientIp: undefined },
    { id: "hostile-1", remainingMs: () => 20_000 },
  );
}

const Problem = z.object({
  code: z.string().optional(),
  origin: z.string().optional(),
  details: z.object({ outcome: z.string().optional() }).optional(),
});

/** What our caller is told, in short. */
function told({ status, headers, body }: HttpOutput) {
  const { code, origin, details } = Problem.parse(JSON.parse(String(body)));
  const seconds = headers["retry-after"];
  return {
    code: status === 200 ? "ok" : code,
    ...(origin === undefined ? {} : { origin }),
    ...(details?.outcome === undefined ? {} : { outcome: details.outcome }),
    ...(seconds === undefined ? {} : { retryAfterSeconds: Number(seconds) }),
  };
}

function wanted({
  requests,
  code,
  unknown,
  retryAfterSeconds,
}: Behaviour["repeatable"] & { unknown?: boolean }) {
  return {
    requests,
    told: {
      code,
      ...(code === "ok" ? {} : { origin: "upstream" }),
      ...(unknown === true ? { outcome: "unknown" } : {}),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    },
  };
}

describe.each(behaviours)("a vendor that $what", (behaviour) => {
  const { repeatable, once, effects } = behaviour;

  it("gets a read, a keyed and a natural write again where that helps, to one effect per key", async () => {
    const actions = ["read-item", "write-keyed", "write-natural"];
    const ended = await Promise.all(
      actions.map(async (action) => {
        const { vendor, call } = await openFor(behaviour);
        const output = await call(action);
        return { requests: vendor.requests, told: told(output), effects: vendor.effects.size };
      }),
    );
    const { requests, code } = repeatable;
    const done = effects === 1 || code === "ok" ? 1 : 0;
    const most = [0, done, code === "ok" ? 1 : done * requests];
    expect(ended).toEqual(most.map((count) => ({ ...wanted(repeatable), effects: count })));
  });

  it("gets a write without a key once, and its caller is told what is not known", async () => {
    const { vendor, call } = await openFor(behaviour);
    const output = await call("write-once");
    expect({ requests: vendor.requests, told: told(output) }).toEqual(wanted(once));
    expect(vendor.effects.size).toBe(effects);
    // The caller's own repeat with the same key: as long as the outcome is unknown, nothing is sent.
    const again = await call("write-once");
    expect(told(again).code === "aborted").toBe(once.unknown);
    expect(vendor.effects.size).toBeLessThanOrEqual(1);
  });

  it("holds up no other connection", async () => {
    const { call } = await openFor(behaviour);
    const ended: string[] = [];
    const track = async (connection: string): Promise<number> => {
      const { status } = await call("read-item", connection);
      ended.push(connection);
      return status;
    };
    const bad = track("bad");
    expect(await Promise.all([track("good"), track("good")])).toEqual([200, 200]);
    await bad;
    // Who has to wait does it alone.
    expect(ended.indexOf("bad") === 2 || !isEndless(behaviour)).toBe(true);
    expect((await call("read-item", "good")).status).toBe(200);
  });
});

it("keeps no more of a flood in memory than it may", async () => {
  const flood = behaviours.find(({ what }) => what.startsWith("sends 100 MB"));
  if (flood === undefined) throw new Error("no flood");
  const sent: number[] = [];
  const { call } = await open((raw, n, effect) => {
    raw.socket.on("close", () => sent.push(raw.socket.bytesWritten - raw.socket.writableLength));
    return flood.act(raw, n, effect);
  });
  await call("read-item");
  await expect.poll(() => sent).toHaveLength(1);
  // What two sockets of this machine hold between them, of 100 MB.
  expect(sent[0]).toBeLessThan(20_000_000);
});

it("repeats even a write without a key that was never sent", async () => {
  const { call, vendor } = await open(() => undefined);
  await vendor.close();
  expect(told(await call("write-once"))).toEqual({ code: "unavailable", origin: "upstream" });
});

it("leaves a vendor alone that goes on failing, and says so at once", async () => {
  const { call, vendor } = await open((raw) => answer(raw, "503 Service Unavailable", [], ""));
  for (let index = 0; index < 4; index++) await call("read-item");
  expect(vendor.requests).toBe(5);
  expect(told(await call("read-item"))).toMatchObject({
    code: "unavailable",
    retryAfterSeconds: 5,
  });
  expect(vendor.requests).toBe(5);
  expect((await call("read-item", "good")).status).toBe(200);
});

const said = ({ requests, code, retryAfterSeconds }: Behaviour["repeatable"]): string => {
  const times = requests === 1 ? "1 request" : `${requests} requests`;
  const wait = retryAfterSeconds === undefined ? "" : `, after ${retryAfterSeconds} s`;
  return code === "ok" ? `${times}, success` : `${times}, \`${code}\`${wait}`;
};

describe("docs/guides/vendor-behaviour.md", () => {
  const text = readFileSync(
    new URL("../../docs/guides/vendor-behaviour.md", import.meta.url),
    "utf8",
  );
  it("says what happens, row by row", () => {
    const rows = text
      .split("\n")
      .filter((line) => line.startsWith("|"))
      .slice(2)
      .map((line) =>
        line
          .split("|")
          .map((cell) => cell.trim())
          .slice(1, -1),
      );
    expect(rows).toEqual(
      behaviours.map(({ what, repeatable, once }) => [
        what,
        said(repeatable),
        said(once) + (once.unknown ? ", outcome unknown" : ""),
      ]),
    );
  });
});
