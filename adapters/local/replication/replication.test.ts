import { fireSlots, scheduleSlots } from "#shared/schedules";
import { openStore } from "#shared/state";
import { signWebhook } from "#shared/webhooks";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock as clock, systemRandom as random } from "../system.ts";
import { KEY, rowsOf, scope, TestClouds, until } from "./clouds.conformance.ts";
import { PEER_PATH } from "./peer-sender.ts";

let clouds: TestClouds;
beforeEach(async () => {
  clouds = await TestClouds.start();
  await until(async () => (await clouds.get("aws").replica.status()).isHome);
});
afterEach(() => clouds.stop());

const note = (id: string, text: string) => ({ shelf: "s", id, text });

/** Whether all clouds hold the same rows, and nothing waits. */
async function isConverged(store: string): Promise<boolean> {
  const all = clouds.all();
  const statuses = await Promise.all(all.map(({ replica }) => replica.status()));
  const waits = statuses.some(({ peers }) => Object.values(peers).some(({ lagMs }) => lagMs > 0));
  const rows = await Promise.all(all.map((cloud) => rowsOf(cloud, store, "s")));
  return !waits && rows.every((each) => JSON.stringify(each) === JSON.stringify(rows[0]));
}

describe("stores of three clouds, over HTTP", () => {
  it("are byte-equal after a partition in which all of them wrote", async () => {
    await clouds.get("aws").notes.create(note("1", "before"));
    await until(() => isConverged("notes"));
    clouds.isolate("gcp");
    for (const cloud of clouds.all()) {
      await cloud.notes.put(note("1", `from ${cloud.name}`), { ifRev: "any" });
      for (let id = 0; id < 150; id += 1) {
        await cloud.notes.create(note(`${cloud.name}-${id}`, "x".repeat(500)));
      }
    }
    await clouds.get("azure").notes.delete({ shelf: "s", id: "azure-7" }, { ifRev: "any" });
    const cut = await clouds.get("aws").replica.status();
    expect(cut.peers["gcp"]?.lagMs).toBeGreaterThan(0);
    clouds.heal();
    await until(() => isConverged("notes"));
    const rows = await rowsOf(clouds.get("gcp"), "notes", "s");
    expect(rows).toHaveLength(1 + 3 * 150);
    const read = await Promise.all(
      clouds.all().map(({ notes }) => notes.get({ shelf: "s", id: "1" })),
    );
    expect(new Set(read.map((entry) => entry?.value.text))).toEqual(new Set(["from gcp"]));
    const { telemetry } = clouds.get("aws");
    expect(telemetry.metrics.some(({ name }) => name === "replication_lag_ms")).toBe(true);
  });

  it("show a write of another cloud to who asks for it, and keep what is a cloud's own", async () => {
    const written = await clouds.get("aws").notes.create(note("1", "a"));
    if (!written.ok) throw new Error("the key was taken");
    const gcp = clouds.get("gcp");
    await until(async () => {
      const entry = await gcp.notes.get({ shelf: "s", id: "1" }, { atLeast: written.rev });
      return entry?.value.text === "a";
    });
    await clouds.get("aws").plain.create(note("1", "own"));
    expect(await gcp.plain.get({ shelf: "s", id: "1" })).toBeUndefined();
  });

  it("send what is waiting when a cloud starts again", async () => {
    await clouds.kill("gcp");
    await clouds.get("aws").notes.create(note("1", "while gcp was down"));
    await clouds.restart("gcp");
    await until(() => isConverged("notes"));
    expect(await rowsOf(clouds.get("gcp"), "notes", "s")).toHaveLength(1);
  });
});

describe("a home store", () => {
  it("gives a key to one of three clouds, and lets a schedule of all fire once", async () => {
    const taken = await Promise.all(
      clouds.all().map(({ claims, name }) => claims.create(note("1", name))),
    );
    expect(taken.filter(({ ok }) => ok)).toHaveLength(1);
    const fired: string[] = [];
    const slotMs = Date.UTC(2026, 10, 21, 3);
    const ticks = clouds.all().map(async ({ state, name }) => {
      const rows = openStore(scheduleSlots, { state, clock, random }, scope);
      const tick = { schedule: "nightly", slotMs, owner: name, leaseSeconds: 30, clock };
      await fireSlots(rows, { ...tick, cron: "0 3 * * *", missed: "once" }, async () => {
        fired.push(name);
      });
    });
    // Who comes while another runs is told so, for its cloud to deliver again.
    await Promise.allSettled(ticks);
    expect(fired).toHaveLength(1);
  });

  it("is lost with its cloud, and goes on at a promoted one; the old home is fenced", async () => {
    await clouds.get("gcp").claims.create(note("1", "kept"));
    await until(() => isConverged("claims"));
    await clouds.kill("aws");
    const azure = clouds.get("azure");
    await expect(azure.claims.create(note("2", "nobody home"))).rejects.toMatchObject({
      code: "unavailable",
    });
    expect(await azure.replica.promote("aws")).toEqual({
      epoch: 2,
      home: "azure",
      clouds: ["azure", "gcp"],
    });
    await until(async () => (await azure.replica.status()).isHome);
    await until(async () => (await clouds.get("gcp").claims.create(note("3", "on"))).ok);
    await until(async () => !(await azure.claims.create(note("1", "again"))).ok);
    expect(await azure.claims.get({ shelf: "s", id: "1" })).toMatchObject({
      value: { text: "kept" },
    });
    const aws = await clouds.restart("aws");
    const refused = await Promise.allSettled([
      aws.claims.create(note("4", "old home")),
      aws.notes.create(note("4", "old home")),
    ]);
    expect(refused[0]).toMatchObject({ status: "rejected" });
    await until(async () => (await aws.replica.status()).epoch === 2);
    await until(() =>
      aws.notes.create(note("5", "old home")).then(
        () => false,
        ({ code }: { code?: string }) => code === "failed_precondition",
      ),
    );
    await until(() =>
      Promise.resolve(clouds.get("gcp").claims.get({ shelf: "s", id: "3" })).then(Boolean),
    );
    for (const name of ["azure", "gcp"] as const) {
      const rows = await rowsOf(clouds.get(name), "claims", "s");
      expect(rows.map(({ key }) => key.sort)).toEqual(["1", "3"]);
      expect(await rowsOf(clouds.get(name), "notes", "s")).toEqual([]);
    }
  });

  it("is given up only by more than half, or by who says that it is gone", async () => {
    clouds.isolate("gcp");
    const { replica } = clouds.get("gcp");
    await expect(replica.promote("aws")).rejects.toMatchObject({ code: "unavailable" });
    await expect(replica.promote("gcp")).rejects.toMatchObject({ code: "failed_precondition" });
    expect(await replica.promote("aws", { isGone: true })).toMatchObject({ home: "gcp" });
  });
});

describe("a replica's front door", () => {
  const scheme = { kind: "hmac", algorithm: "sha256", header: "x-auterity-signature" } as const;
  const signed = {
    ...scheme,
    encoding: "base64",
    prefix: "v1,",
    idHeader: "x-auterity-id",
    timestamp: { header: "x-auterity-timestamp", unit: "seconds", toleranceSeconds: 60 },
    content: [{ part: "id" }, ".", { part: "timestamp" }, ".", { part: "body" }],
  } as const;
  const sign = (call: object, key: string, nowMs = clock.now()) => {
    const body = Buffer.from(JSON.stringify({ from: "azure", epoch: 1, params: null, ...call }));
    const { headers } = signWebhook(signed, { body, nowMs, id: random.uuid() }, key);
    return { body, headers };
  };
  const ask = { to: "aws", method: "members" };

  it("opens to a signed call, once", async () => {
    const call = sign(ask, KEY);
    expect([await send(call), await send(call)]).toEqual([200, 401]);
  });

  it.each<[string, () => ReturnType<typeof sign>, number]>([
    ["another key", () => sign(ask, "another key of some length"), 401],
    ["an old time", () => sign(ask, KEY, clock.now() - 120_000), 401],
    ["another receiver", () => sign({ ...ask, to: "gcp" }, KEY), 401],
    ["a method that there is not", () => sign({ ...ask, method: "drop" }, KEY), 401],
    ["no signature", () => ({ ...sign(ask, KEY), headers: {} }), 401],
    [
      "a changed body",
      () => ({ ...sign(ask, KEY), body: sign(ask, KEY, 0).body.fill(" ", 0, 1) }),
      401,
    ],
    ["a body that is too large", () => ({ ...sign(ask, KEY), body: Buffer.alloc(4_000_001) }), 413],
    ["rows that are none", () => sign({ ...ask, method: "apply", params: [{}] }, KEY), 400],
    [
      "a cloud that is no member",
      () => sign({ ...ask, from: "x", method: "state.read" }, KEY),
      502,
    ],
  ])("stays shut to %s", async (_, call, status) => {
    expect(await send(call())).toBe(status);
  });
});

/** The status of what the home answers. */
async function send(request: {
  body: Uint8Array;
  headers: Readonly<Record<string, string>>;
}): Promise<number> {
  const url = new URL(PEER_PATH, clouds.get("aws").url);
  const body = Buffer.from(request.body);
  return (await fetch(url, { method: "POST", headers: request.headers, body })).status;
}
