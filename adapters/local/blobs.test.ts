import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fastify from "fastify";
import { afterAll, beforeAll, expect, it } from "vitest";
import * as z from "zod";
import { bucket, openBucket, type SignedUrl } from "#shared/blob";
import { FakeClock, seededRandom } from "#shared/testing";
import { blobConformance } from "../../shared/blob/conformance.ts";
import { localBlobs } from "./drivers/blob.ts";
import { type Engine, openEngine } from "./engine/engine.ts";
import { answerSigned, registerBlobs } from "./gateway/blobs.ts";
import { type Channel, openChannel } from "./ipc.ts";

const folder = mkdtempSync(join(tmpdir(), "auterity-"));
const GATEWAY = "http://127.0.0.1:4400";
const Visited = z.object({ status: z.number(), body: z.instanceof(Uint8Array) });
const anyBucket = "a folder is made for every bucket";
let opened = 0;
let child: ChildProcess;
let channel: Channel;

beforeAll(() => {
  child = fork(new URL("engine/conformance-child.ts", import.meta.url), [join(folder, "child")], {
    execArgv: [],
    serialization: "advanced",
  });
  channel = openChannel(child);
});

afterAll(() => {
  child.kill();
  rmSync(folder, { recursive: true });
});

function openFresh(clock: FakeClock): Engine {
  opened += 1;
  return openEngine({ path: ":memory:", clock, blobFolder: join(folder, String(opened)) });
}

function requestOf(signed: SignedUrl, nowMs: number, body: Uint8Array = new Uint8Array()) {
  const { pathname, search } = new URL(signed.url, GATEWAY);
  const url = `${pathname}${search}`;
  return { method: signed.method, url, nowMs, contentType: "text/plain", body };
}

blobConformance("embedded engine", {
  async open(clock) {
    const engine = openFresh(clock);
    return Object.assign(engine.blobs, { engine, clock, close: () => engine.close() });
  },
  visit: ({ engine, clock }, signed, body) =>
    answerSigned(engine, requestOf(signed, clock.now(), body)),
  async unreachable() {
    const clock = new FakeClock();
    const engine = openFresh(clock);
    await engine.close();
    return Object.assign(engine.blobs, { engine, clock });
  },
  except: { B07: anyBucket },
});

blobConformance("embedded engine over a process boundary", {
  open: async (clock) => ({ ...localBlobs(channel, GATEWAY), clock }),
  visit: async ({ clock }, signed, body) =>
    Visited.parse(await channel.call("test.visit", requestOf(signed, clock.now(), body))),
  async unreachable() {
    const closed = openChannel(child);
    closed.close();
    return { ...localBlobs(closed, GATEWAY), clock: new FakeClock() };
  },
  except: { B07: anyBucket },
});

function open(engine: Engine, clock: FakeClock, options: { ttlDays?: number } = {}) {
  const ports = { blob: engine.blobs, clock, random: seededRandom(opened) };
  const { signal } = new AbortController();
  const scope = { tenant: "t", traceparent: "", event: undefined, signal };
  return openBucket(bucket("files", options), ports, scope);
}

it("keeps blobs over a restart, but not what a crash left or what is out of its time", async () => {
  const clock = new FakeClock();
  const first = openFresh(clock);
  const own = join(folder, String(opened));
  await open(first, clock).put("kept", "content", { ifEtag: "any" });
  await open(first, clock, { ttlDays: 2 }).put("for a while", "content", { ifEtag: "any" });
  await first.close();
  await expect(open(first, clock).get("kept")).rejects.toMatchObject({ code: "unavailable" });
  writeFileSync(join(own, "files", "half-written.new"), "{");
  clock.advance(2 * 86_400_000);
  const second = openEngine({ path: ":memory:", clock, blobFolder: own });
  const { items } = await open(second, clock).list();
  expect(items.map(({ key }) => key)).toEqual(["kept"]);
  expect(readdirSync(join(own, "files"))).toHaveLength(1);
  await second.close();
});

it("finishes what was begun before it closes, and leaves no half-written file", async () => {
  const clock = new FakeClock();
  const engine = openFresh(clock);
  const blobs = open(engine, clock);
  const etags = ["absent", "absent", "absent"] as const;
  const writes = etags.map((ifEtag, index) => blobs.put("a", String(index), { ifEtag }));
  expect((await Promise.all(writes)).filter(({ ok }) => ok)).toHaveLength(1);
  await engine.close();
  expect(readdirSync(join(folder, String(opened), "files"))).toHaveLength(1);
});

it("tells a damaged file from a blob that is not there", async () => {
  const clock = new FakeClock();
  const engine = openFresh(clock);
  const blobs = open(engine, clock);
  await blobs.put("a", "content", { ifEtag: "any" });
  const own = join(folder, String(opened), "files");
  for (const name of readdirSync(own)) writeFileSync(join(own, name), "no header");
  await expect(blobs.get("a")).rejects.toMatchObject({ code: "internal", origin: "platform" });
  await engine.close();
});

it("answers signed requests at the gateway, and lets no stored page run there", async () => {
  const clock = new FakeClock(Date.now());
  const engine = openFresh(clock);
  const blobs = open(engine, clock);
  const server = fastify();
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => {
    done(null, body);
  });
  registerBlobs(server, engine);
  const write = await blobs.sign("a", { access: "write", expiresInSeconds: 60 });
  const headers = { "content-type": "text/html" };
  const put = await server.inject({ method: "PUT", url: write.url, headers, payload: "<script>" });
  expect(put.statusCode).toBe(200);
  const read = await blobs.sign("a", { access: "read", expiresInSeconds: 60 });
  const got = await server.inject({ method: "GET", url: read.url });
  expect(got).toMatchObject({ statusCode: 200, body: "<script>" });
  expect(got.headers).toMatchObject({
    "content-type": "text/html",
    "content-disposition": "attachment",
    "content-security-policy": "sandbox",
  });
  const late = await server.inject({
    method: "GET",
    url: read.url.replace(/expires=\d/, "expires=9"),
  });
  expect(late.statusCode).toBe(403);
  await server.close();
  await engine.close();
});
