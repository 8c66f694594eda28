import { faultyState, PlannedFaults } from "#shared/faults";
import { memoryState, openStore, type StateDriver, store, type Store } from "#shared/state";
import { FakeClock, seededRandom } from "#shared/testing";
import { beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { promote } from "./promote.ts";
import { replicated } from "./replicated.ts";
import { ReplicatedState } from "./replicated-state.ts";
import { copyAll, type Peer, ship } from "./ship.ts";
import { decodeVersion } from "./version.ts";

const Note = z.object({ shelf: z.string(), id: z.string(), text: z.string() });
type Note = z.infer<typeof Note>;
const keys = { partition: "shelf", sort: "id", ttl: true } as const;
const notes = store("notes", { schema: Note, ...keys, acrossClouds: "replicated" });

const Tags = z.object({ shelf: z.string(), id: z.string(), tags: z.array(z.string()) });
type Tags = z.infer<typeof Tags>;
const union = (a: Tags, b: Tags): Tags => ({
  ...a,
  tags: [...new Set([...a.tags, ...b.tags])].toSorted(),
});
const tagged = store("tags", { schema: Tags, ...keys, acrossClouds: { merge: union } });
const scope = {
  tenant: "default",
  traceparent: "",
  event: undefined,
  signal: new AbortController().signal,
};

class Cloud {
  readonly state: ReplicatedState;
  readonly notes: Store<Note, Pick<Note, "shelf" | "id">>;
  readonly tags: Store<Tags, Pick<Tags, "shelf" | "id">>;

  constructor(name: string, clock: FakeClock, driver: StateDriver = memoryState()) {
    const random = seededRandom(name.charCodeAt(0));
    const peers = ["aws", "azure", "gcp"].filter((other) => other !== name);
    this.state = new ReplicatedState({
      driver,
      stores: [replicated(notes), replicated(tagged)],
      peers,
      ports: { clock, random },
    });
    const ports = { state: this.state, clock, random };
    this.notes = openStore(notes, ports, scope);
    this.tags = openStore(tagged, ports, scope);
  }

  /** This cloud as another sees it. */
  peer(name: string, sender = name === "aws" ? "azure" : "aws"): Peer {
    return { name, apply: (rows) => this.state.apply(sender, rows) };
  }
}

let clock: FakeClock;
let aws: Cloud;
let azure: Cloud;
let gcp: Cloud;

beforeEach(() => {
  clock = new FakeClock();
  aws = new Cloud("aws", clock);
  // A minute behind, as no clock should be.
  azure = new Cloud("azure", new FakeClock(clock.now() - 60_000));
  gcp = new Cloud("gcp", clock);
});

const at = { shelf: "s", id: "1" };
const note = (text: string): Note => ({ ...at, text });
const textAt = async (cloud: Cloud): Promise<string | undefined> =>
  (await cloud.notes.get(at))?.value.text;
const toAzure = (from = aws): Promise<unknown> => ship(from.state, azure.peer("azure"), clock);
const toAws = (from = azure): Promise<unknown> => ship(from.state, aws.peer("aws"), clock);

describe("a replicated store", () => {
  it("brings what is written on one cloud to the others, once", async () => {
    await aws.notes.create(note("a"));
    clock.advance(1_500);
    expect(await toAzure()).toEqual({ rows: 1, refused: 0, lagMs: 1_500 });
    expect(await textAt(azure)).toBe("a");
    expect(await toAzure()).toEqual({ rows: 0, refused: 0, lagMs: 0 });
    expect(await textAt(gcp)).toBeUndefined();
    await ship(aws.state, gcp.peer("gcp"), clock);
    expect(await textAt(gcp)).toBe("a");
  });

  it("lets a write win that has seen the other, however slow its clock is", async () => {
    await aws.notes.create(note("first"));
    await toAzure();
    await azure.notes.put(note("blind"), { ifRev: "any" });
    await toAws();
    expect(await textAt(aws)).toBe("blind");
    await azure.notes.update(at, () => note("seen"));
    await toAws();
    await toAzure();
    expect([await textAt(aws), await textAt(azure)]).toEqual(["seen", "seen"]);
  });

  it("does not bring back what was deleted, and lets the key be used again", async () => {
    await aws.notes.create(note("a"));
    await toAzure();
    const old = await aws.state.driver.list(rangeOf("default~~s"), undefined);
    await azure.notes.delete(at, { ifRev: "any" });
    await toAws();
    await toAzure();
    expect([await textAt(aws), await textAt(azure)]).toEqual([undefined, undefined]);
    expect((await aws.notes.list("s")).items).toEqual([]);
    const stale = old.map((row) => ({ key: row.key, version: decodeVersion(row) }));
    expect(stale).toMatchObject([{ version: { epoch: 0 } }]);
    await aws.state.apply("gcp", stale);
    expect(await textAt(aws)).toBeUndefined();
    expect(await aws.notes.create(note("again"))).toMatchObject({ ok: true });
    await toAzure();
    expect(await textAt(azure)).toBe("again");
  });

  it("merges where a merge is declared, and a deletion stands against what was not seen", async () => {
    const tags = (list: string[]): Tags => ({ ...at, tags: list });
    await aws.tags.create(tags(["a"]));
    await azure.tags.create(tags(["b"]));
    await toAzure();
    await toAws();
    await toAzure();
    const rows = await Promise.all([aws, azure].map(({ tags: each }) => each.get(at)));
    expect(rows.map((row) => row?.value.tags)).toEqual([
      ["a", "b"],
      ["a", "b"],
    ]);
    expect(rows[0]?.rev).toBe(rows[1]?.rev);
    await aws.tags.delete(at, { ifRev: "any" });
    await azure.tags.put(tags(["a", "b", "c"]), { ifRev: "any" });
    await toAzure();
    await toAws();
    expect(await azure.tags.get(at)).toBeUndefined();
    await azure.tags.create(tags(["new"]));
    await toAws();
    expect((await aws.tags.get(at))?.value.tags).toEqual(["new"]);
  });

  it("refuses an old revision of a deleted row, although the refused write's own revision is the deletion's", async () => {
    // The node ids of the store's clock and of the deletions' came out the same.
    const state = faultyState(aws.state, new PlannedFaults()).driver;
    const twin = openStore(
      notes,
      { state, clock, random: seededRandom("aws".charCodeAt(0)) },
      scope,
    );
    const written = await twin.create(note("a"));
    if (!written.ok) throw new Error("the key was taken");
    await twin.delete(at, { ifRev: "any" });
    expect(await twin.put(note("b"), { ifRev: written.rev })).toEqual({ ok: false });
    expect(await textAt(aws)).toBeUndefined();
  });

  it("waits for a write of another cloud when it is asked for", async () => {
    const written = await aws.notes.create(note("a"));
    if (!written.ok) throw new Error("the key was taken");
    await expect(azure.notes.get(at, { atLeast: written.rev })).rejects.toMatchObject({
      code: "unavailable",
    });
    await toAzure();
    expect(await azure.notes.get(at, { atLeast: written.rev })).toMatchObject({ value: note("a") });
    const deleted = await aws.notes.delete(at, { ifRev: written.rev });
    expect(deleted).toEqual({ ok: true });
    await toAzure();
    expect(await azure.notes.get(at, { atLeast: written.rev })).toBeUndefined();
  });

  it("takes nothing from a clock that is far ahead until its time has come, and keeps the rest going", async () => {
    const early = new Cloud("gcp", new FakeClock(clock.now() + 3_600_000));
    await early.notes.create(note("early"));
    expect(await ship(early.state, aws.peer("aws"), clock)).toMatchObject({ rows: 1, refused: 1 });
    expect(await textAt(aws)).toBeUndefined();
    clock.advance(3_600_000);
    expect(await ship(early.state, aws.peer("aws"), clock)).toMatchObject({ refused: 0 });
    expect(await textAt(aws)).toBe("early");
  });

  it("keeps what waits until the peer has it, and forgets a partition that is long quiet", async () => {
    await aws.notes.create(note("a"));
    const down: Peer = { name: "azure", apply: () => Promise.reject(new Error("down")) };
    await expect(ship(aws.state, down, clock)).rejects.toThrow("down");
    await toAzure();
    expect(await textAt(azure)).toBe("a");
    clock.advance(7_200_000);
    await toAzure();
    expect(await waitingIn(aws)).toEqual(["default~~s"]);
    await ship(aws.state, gcp.peer("gcp"), clock);
    await ship(aws.state, gcp.peer("gcp"), clock);
    expect(await waitingIn(aws)).toEqual([]);
    await aws.notes.update(at, () => note("b"));
    expect(await waitingIn(aws)).toEqual(["default~~s"]);
  });
});

describe("when a cloud is lost", () => {
  it("nothing is taken from it any more, should it come back", async () => {
    await expect(aws.state.apply("elsewhere", [])).rejects.toMatchObject({
      code: "failed_precondition",
    });
  });

  it("what reached one survivor reaches all", async () => {
    await aws.notes.create(note("from aws"));
    await toAzure();
    await azure.notes.create({ ...at, id: "2", text: "from azure" });
    expect(await promote(azure.state, "aws", [gcp.peer("gcp")])).toBe(2);
    expect(await textAt(gcp)).toBe("from aws");
    expect(await ship(azure.state, aws.peer("aws"), clock)).toMatchObject({ rows: 0 });
    const fresh = new Cloud("aws", clock);
    expect(await copyAll(gcp.state, fresh.peer("aws"))).toBe(2);
    expect(await textAt(fresh)).toBe("from aws");
  });
});

async function waitingIn(cloud: Cloud): Promise<string[]> {
  const found: string[] = [];
  for await (const { partition } of cloud.state.directory.waiting("notes")) found.push(partition);
  return found;
}

function rangeOf(partition: string): Parameters<StateDriver["list"]>[0] {
  const all = { from: "", to: "~~", limit: 10, descending: false, after: undefined };
  return { store: "notes", partition, ...all };
}
