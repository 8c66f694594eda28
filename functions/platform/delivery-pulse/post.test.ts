import { describe, expect, it } from "vitest";
import { type Bid, claim, giveBack, LEASE_MS, type Post, settle } from "./post.ts";

const message = { text: "hello", blocks: [] };
const bid: Bid = {
  repository: "octo/repo",
  subject: "commit/a",
  version: 3,
  message,
  owner: "first",
  nowMs: 1_000,
  intent: "intent-1",
  channel: "#deliveries",
};
const shown = { ts: "1.1", channel: "C1", version: 3 };

function claimed(current: Post | undefined, over: Partial<Bid> = {}): Post {
  const taken = claim(current, { ...bid, ...over });
  if (!("row" in taken)) throw new Error(`no claim but ${taken.step}`);
  return taken.row;
}

function settled(current: Post | undefined, mine: Post, what?: typeof shown): Post {
  const row = settle(current, mine, what);
  if (row === undefined) throw new Error("nothing to write");
  return row;
}

describe("claim", () => {
  it("begins a message with an intent that keeps what it will post", () => {
    expect(claim(undefined, bid)).toMatchObject({
      step: "post",
      row: { status: "posting", intent: "intent-1", draft: { version: 3, message } },
    });
  });

  it("waits for the lease of another, to the millisecond", () => {
    const row = claimed(undefined);
    const untilMs = bid.nowMs + LEASE_MS;
    expect(claim(row, { ...bid, owner: "second", nowMs: untilMs - 1 })).toEqual({
      step: "wait",
      untilMs,
    });
    expect(claim(row, { ...bid, owner: "second", nowMs: untilMs }).step).toBe("reconcile");
  });

  it("reconciles under the first intent and draft, whatever the content is by now", () => {
    const row = claimed(claimed(undefined), {
      owner: "second",
      nowMs: bid.nowMs + LEASE_MS,
      version: 4,
      message: { text: "newer", blocks: [] },
      intent: "intent-2",
      channel: "#other",
    });
    expect(row).toMatchObject({
      intent: "intent-1",
      channel: "#deliveries",
      draft: { version: 3, message },
      lease: { owner: "second" },
    });
  });

  it("updates only to something newer", () => {
    const mine = claimed(undefined);
    const posted = settled(mine, mine, shown);
    expect(claim(posted, { ...bid, owner: "second" })).toEqual({ step: "done" });
    expect(claim(posted, { ...bid, owner: "second", version: 4 }).step).toBe("update");
  });
});

describe("settle", () => {
  it("forgets the draft and the lease once the message is there", () => {
    const mine = claimed(undefined);
    expect(settled(mine, mine, shown)).toEqual({
      repository: "octo/repo",
      subject: "commit/a",
      status: "posted",
      intent: "intent-1",
      intentAtMs: 1_000,
      channel: "C1",
      ts: "1.1",
      shown: 3,
      late: 0,
    });
  });

  it("leaves the lease to run out when the outcome is not known", () => {
    const mine = claimed(undefined);
    expect(settle(mine, mine)).toBeUndefined();
  });

  it("has a message shown anew that a late call may have set back", () => {
    const first = claimed(undefined);
    const posted = settled(first, first, shown);
    const slow = claimed(posted, { version: 4, owner: "slow" });
    const quick = claimed(slow, { version: 5, owner: "quick", nowMs: 2_000 + LEASE_MS });
    const after = settled(quick, quick, { ...shown, version: 5 });
    expect(after.shown).toBe(5);
    expect(settled(after, slow, { ...shown, version: 4 })).toMatchObject({ shown: 0, late: 1 });
  });

  it("does not trust its own call when a late one ended during it", () => {
    const first = claimed(undefined);
    const posted = settled(first, first, shown);
    const slow = claimed(posted, { version: 4, owner: "slow" });
    const quick = claimed(slow, { version: 5, owner: "quick", nowMs: 2_000 + LEASE_MS });
    const disturbed = settled(quick, slow, { ...shown, version: 4 });
    expect(disturbed.lease?.owner).toBe("quick");
    expect(settled(disturbed, quick, { ...shown, version: 5 })).toMatchObject({
      shown: 0,
      late: 1,
    });
  });
});

describe("giveBack", () => {
  it("ends one's own lease and no other's", () => {
    const mine = claimed(undefined);
    expect(giveBack(mine, mine)?.lease).toBeUndefined();
    expect(giveBack({ ...mine, lease: { owner: "second", untilMs: 1 } }, mine)).toBeUndefined();
    expect(giveBack(undefined, mine)).toBeUndefined();
  });
});
