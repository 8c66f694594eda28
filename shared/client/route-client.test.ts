import { generateKeyPairSync, sign } from "node:crypto";
import { FakeClock, seededRandom } from "#shared/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { readRouteTable } from "./read-route-table.ts";
import { RouteClient } from "./route-client.ts";

const pair = generateKeyPairSync("ed25519");
const publicKey = pair.publicKey.export({ type: "spki", format: "der" }).toString("base64");
const clock = new FakeClock();

type Arm = { runtime: string; url: string; up: boolean; usd: number | null };
const arm = (runtime: string, usd: number | null, up = true): Arm => ({
  runtime,
  url: `https://${runtime}.example`,
  up,
  usd,
});

function signed(arms: readonly Arm[], key = pair.privateKey) {
  const issuedAtMs = clock.now();
  const functions = [{ name: "orders", arms }];
  const payload = JSON.stringify({ issuedAtMs, expiresAtMs: issuedAtMs + 60_000, functions });
  const signature = sign(null, Buffer.from(payload), key).toString("base64");
  return { payload, signature, keyId: "k", publicKey };
}

let seen: { host: string; key: string | null; target: string | null }[];
let tables: number;
let down: Set<string>;
let answer: unknown;

function client(): RouteClient {
  return new RouteClient({
    gatewayUrl: "https://gateway.example",
    token: "t",
    publicKey,
    clock,
    random: seededRandom(1),
    async fetch(url, init) {
      if (url.pathname === "/v1/routes") {
        tables += 1;
        return Response.json(answer);
      }
      const headers = new Headers(init.headers);
      const key = headers.get("idempotency-key");
      seen.push({ host: url.host, key, target: headers.get("x-auterity-target") });
      if (down.has(url.host)) throw new TypeError("fetch failed");
      return new Response("ok", { status: url.pathname === "/teapot" ? 418 : 200 });
    },
  });
}

const call = { function: "orders", method: "POST", path: "/v1/functions/orders", body: "{}" };

beforeEach(() => {
  seen = [];
  tables = 0;
  down = new Set();
  answer = signed([arm("aws", 3e-7), arm("azure", 2e-7), arm("gcp", null)]);
});

describe("the route client", () => {
  it("goes where it is cheapest, and asks for a table once a minute", async () => {
    const own = client();
    for (let index = 0; index < 3; index += 1) expect((await own.call(call)).status).toBe(200);
    expect(new Set(seen.map(({ host }) => host))).toEqual(new Set(["azure.example"]));
    expect(seen[0]?.target).toBe("azure");
    expect(tables).toBe(1);
    clock.advance(60_000);
    answer = signed([arm("aws", 1e-7), arm("azure", 2e-7)]);
    await own.call(call);
    expect(tables).toBe(2);
    expect(seen.at(-1)?.host).toBe("aws.example");
  });

  it("tries the next under the same key when nothing answers, and leaves the first alone", async () => {
    down.add("azure.example");
    const own = client();
    await own.call(call);
    expect(seen.map(({ host }) => host)).toEqual(["azure.example", "aws.example"]);
    expect(new Set(seen.map(({ key }) => key)).size).toBe(1);
    await own.call(call);
    expect(seen.map(({ host }) => host).slice(2)).toEqual(["aws.example"]);
    expect(seen[2]?.key).not.toBe(seen[0]?.key);
    clock.advance(10_000);
    down.clear();
    await own.call(call);
    expect(seen.at(-1)?.host).toBe("azure.example");
  });

  it("takes an answer as final, whatever it says", async () => {
    expect((await client().call({ ...call, path: "/teapot" })).status).toBe(418);
    expect(seen).toHaveLength(1);
  });

  it("says when nothing answered, and when there is no such function", async () => {
    for (const name of ["aws", "azure", "gcp"]) down.add(`${name}.example`);
    await expect(client().call(call)).rejects.toMatchObject({ code: "unavailable" });
    expect(seen).toHaveLength(3);
    const nobody = client().call({ ...call, function: "nobody" });
    await expect(nobody).rejects.toMatchObject({ code: "not_found" });
  });

  it("tries what is down only after all that is up", async () => {
    answer = signed([arm("aws", 1e-9, false), arm("gcp", 5e-7)]);
    down.add("gcp.example");
    await client().call(call);
    expect(seen.map(({ host }) => host)).toEqual(["gcp.example", "aws.example"]);
  });
});

describe("a route table", () => {
  it("is refused with another text, signature or key than the trusted one's", () => {
    const good = signed([arm("aws", 1)]);
    const other = generateKeyPairSync("ed25519");
    const foreign = other.publicKey.export({ type: "spki", format: "der" }).toString("base64");
    expect(readRouteTable(good, publicKey).functions[0]?.name).toBe("orders");
    const forged = [
      { ...good, payload: good.payload.replace("aws", "evil") },
      { ...good, signature: `AAAA${good.signature.slice(4)}` },
      signed([arm("aws", 1)], other.privateKey),
      { ...signed([arm("aws", 1)], other.privateKey), publicKey: foreign },
    ];
    for (const table of forged) {
      expect(() => readRouteTable(table, publicKey)).toThrow(/not signed by the trusted key/);
    }
    expect(() => readRouteTable({ error: 1 }, publicKey)).toThrow(/no route table/);
  });
});
