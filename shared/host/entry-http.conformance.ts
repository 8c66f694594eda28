import {
  bodyBytes,
  bodyText,
  defineFunction,
  type FunctionDefinition,
  type HttpInput,
  type HttpOutput,
  httpTrigger,
  type RawRequest,
  reply,
  type Uses,
} from "#shared/function";
import { afterEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { type ConformancePorts, conformancePorts } from "./ports.conformance.ts";
import { freshName, type EntryHarness, type RunningEntry } from "./entry-harness.ts";
import { readCookie } from "./read-cookie.ts";

const open = { auth: "public" } as const;

/** A call of the function under test, which sits at `/v1/<name>`. */
type Call = Partial<Omit<HttpInput, "path">> & { readonly path?: string };

/** What every cloud's entry owes an HTTP function. */
export function entryHttpConformance(harness: EntryHarness): void {
  let running: RunningEntry | undefined;
  afterEach(() => running?.stop());

  const start = async (
    make: (name: string) => FunctionDefinition,
    ports: ConformancePorts = conformancePorts(),
  ): Promise<(call?: Call) => Promise<HttpOutput>> => {
    const name = freshName("http");
    running = await harness.start(make(name), ports);
    const entry = running;
    return ({ path = "", ...call } = {}) =>
      entry.http({
        method: "GET",
        query: "",
        body: "",
        clientIp: undefined,
        ...call,
        path: `/v1/${name}${path}`,
        headers: { host: "fn.example", ...call.headers },
      });
  };

  describe("http", () => {
    it("hands the raw request through: query, path, cookies, bytes", async () => {
      const call = await start(echo);
      const sent = new Uint8Array([0, 200, 255, 10]);
      const output = await call({
        method: "POST",
        path: "/caf%C3%A9%2Fbar",
        query: "x=1&x=2&y=%20%26&z=a+b",
        headers: { cookie: "Session=abc==; b=2", "content-type": "application/octet-stream" },
        body: sent,
      });
      expect(JSON.parse(output.headers["x-seen"] ?? "")).toEqual({
        method: "POST",
        query: "x=1&x=2&y=%20%26&z=a+b",
        part: "café/bar",
        cookie: "Session=abc==; b=2",
      });
      expect(Buffer.from(bodyBytes(output))).toEqual(Buffer.from(sent));
    });

    it("gives a parsed function path, repeated query and JSON body as one input", async () => {
      const call = await start((name) =>
        defineFunction({
          ...described(name, httpTrigger("POST", `/v1/${name}/:part`, open)),
          input: z.object({ part: z.string(), tag: z.array(z.string()), n: z.number() }),
          handler: async (_, input) => input,
        }),
      );
      const headers = { "content-type": "application/json" };
      const output = await call({
        method: "POST",
        path: "/p",
        query: "tag=a&tag=b",
        headers,
        body: '{"n":1}',
      });
      expect(output.status).toBe(200);
      expect(JSON.parse(bodyText(output))).toEqual({ part: "p", tag: ["a", "b"], n: 1 });
    });

    it("sends several cookies, each whole", async () => {
      const lines = [
        "SessionId=abc==; Path=/; HttpOnly",
        "b=2; Expires=Wed, 21 Oct 2037 07:28:00 GMT; Path=/; Secure; SameSite=Lax",
        "c=; Max-Age=0; Path=/",
      ];
      const call = await start((name) => fixed(name, reply(200, "x", {}, lines)));
      const output = await call();
      expect(output.cookies.map(readCookie)).toEqual(lines.map(readCookie));
      expect(Object.keys(output.headers)).not.toContain("set-cookie");
    });

    it("completes when the handler just returns", async () => {
      const call = await start((name) => fixed(name, undefined));
      expect(await call()).toMatchObject({ status: 204 });
    });

    it("takes an empty body for no input", async () => {
      const call = await start((name) =>
        defineFunction({
          ...described(name, httpTrigger("POST", `/v1/${name}`, open)),
          input: z.strictObject({}),
          handler: async () => ({ done: true }),
        }),
      );
      const headers = { "content-type": "application/json" };
      expect(await call({ method: "POST", headers })).toMatchObject({ status: 200 });
    });

    it("answers HEAD like GET, without a body", async () => {
      const call = await start((name) => fixed(name, { a: 1 }));
      const output = await call({ method: "HEAD" });
      expect(output.status).toBe(200);
      expect(bodyBytes(output)).toHaveLength(0);
    });

    it("tells nobody what a handler threw", async () => {
      for (const thrown of ["a string", null, undefined, new Error("inner detail")]) {
        const ports = conformancePorts();
        const call = await start((name) => failing(name, thrown), ports);
        const output = await call();
        expect(output.status).toBe(500);
        expect(output.headers["content-type"]).toContain("application/problem+json");
        expect(JSON.parse(bodyText(output))).toMatchObject({ code: "internal", status: 500 });
        expect(bodyText(output)).not.toMatch(/a string|inner detail/);
        await running?.stop();
      }
    });

    it("answers 504 at the deadline and aborts the handler's signal", async () => {
      let signal: AbortSignal | undefined;
      const call = await start((name) =>
        defineFunction({
          ...described(name, httpTrigger("GET", `/v1/${name}`, open)),
          limits: { timeoutSeconds: 1 },
          input: z.unknown(),
          async handler(ctx) {
            signal = ctx.signal;
            await ctx.clock.sleep(60_000, ctx.signal);
          },
        }),
      );
      const output = await call();
      expect(output.status).toBe(504);
      expect(JSON.parse(bodyText(output))).toMatchObject({ code: "deadline_exceeded" });
      expect(signal?.aborted).toBe(true);
    });

    it("answers 400 for a body that is not JSON", async () => {
      const call = await start((name) =>
        defineFunction({
          ...described(name, httpTrigger("POST", `/v1/${name}`, open)),
          input: z.object({ n: z.number() }),
          handler: async () => undefined,
        }),
      );
      const headers = { "content-type": "application/json" };
      // A library that reads JSON itself leaves other content types alone.
      const ours = harness.invalidJson === "ours" ? headers : { "content-type": "text/plain" };
      const output = await call({ method: "POST", headers: ours, body: '{"n":' });
      expect(output.status).toBe(400);
      expect(JSON.parse(bodyText(output))).toMatchObject({ code: "invalid_argument" });
      expect(await call({ method: "POST", headers, body: '{"n":' })).toMatchObject({ status: 400 });
    });

    it("answers 401 without a known token", async () => {
      const call = await start((name) =>
        defineFunction({
          ...described(name, httpTrigger("GET", `/v1/${name}`)),
          input: z.unknown(),
          handler: async (ctx) => ({ tenant: ctx.tenant }),
        }),
      );
      expect(await call()).toMatchObject({ status: 401 });
      const wrong = { authorization: "Bearer nobody" };
      expect(await call({ headers: wrong })).toMatchObject({ status: 401 });
      const right = await call({ headers: { authorization: "Bearer token-3" } });
      expect(JSON.parse(bodyText(right))).toEqual({ tenant: "tenant-3" });
    });

    it("logs no payload", async () => {
      const ports = conformancePorts();
      const call = await start(
        (name) =>
          defineFunction({
            ...described(name, httpTrigger("POST", `/v1/${name}`, open)),
            input: z.object({ n: z.number() }),
            async handler() {
              throw new Error("planned");
            },
          }),
        ports,
      );
      const headers = { "content-type": "text/plain" };
      for (const body of ['{"n":1,"x":"canary"}', '{"n":"canary"}', '{"canary']) {
        const output = await call({ method: "POST", headers, body });
        expect(bodyText(output)).not.toContain("canary");
      }
      const { logs, metrics, spans } = ports.telemetry;
      expect(logs).not.toHaveLength(0);
      expect(JSON.stringify([logs, metrics, spans])).not.toContain("canary");
    });
  });
}

function described<T extends FunctionDefinition["trigger"]>(
  name: string,
  trigger: T,
): { readonly name: string; readonly summary: string; readonly trigger: T; readonly uses: Uses } {
  return { name, summary: "A function under test", trigger, uses: {} };
}

function fixed(name: string, result: unknown): FunctionDefinition {
  return defineFunction({
    ...described(name, httpTrigger("GET", `/v1/${name}`, open)),
    input: z.unknown(),
    handler: async () => result,
  });
}

function failing(name: string, thrown: unknown): FunctionDefinition {
  return defineFunction({
    ...described(name, httpTrigger("GET", `/v1/${name}`, open)),
    input: z.unknown(),
    async handler() {
      throw thrown;
    },
  });
}

/** Sends the bytes back and says in a header how the rest arrived. */
function echo(name: string): FunctionDefinition {
  const trigger = { ...httpTrigger("POST", `/v1/${name}/:part`, open), raw: true };
  return defineFunction({
    ...described(name, trigger),
    input: z.custom<RawRequest>(),
    async handler(_, { method, query, headers, body, params }) {
      const seen = { method, query, part: params["part"], cookie: headers["cookie"] };
      return reply(200, body, {
        "content-type": "application/octet-stream",
        // Header values are ASCII.
        "x-seen": JSON.stringify(seen).replaceAll(
          /[^ -~]/g,
          (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
        ),
      });
    },
  });
}
