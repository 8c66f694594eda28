import type { IssuedTokens } from "#shared/auth";
import { Fault } from "#shared/errors";
import type { StateDriver } from "#shared/state";
import { afterEach, describe, expect, it } from "vitest";
import { type Kill, killed, tokenInstance } from "./token-instance.conformance.ts";
import { type TokenServer, tokenServer } from "./token-server.conformance.ts";

const LIFE_SECONDS = 600;

/** Holds the way tokens are kept over one store to the rules for all. */
export function tokenConformance(
  name: string,
  open: () => Promise<{ readonly state: StateDriver; close(): Promise<void> }>,
): void {
  describe(`tokens of connections on ${name}`, () => {
    const closing: (() => Promise<void> | void)[] = [];
    afterEach(async () => {
      for (const close of closing.splice(0).toReversed()) await close();
    });

    async function world(options: { reuses?: number; consent?: boolean } = {}) {
      const { state, close } = await open();
      closing.push(close);
      let nowMs = Date.UTC(2026, 0, 1);
      const vendor = await tokenServer({
        lifeSeconds: LIFE_SECONDS,
        reuses: options.reuses ?? 0,
        nowMs: () => nowMs,
      });
      closing.push(() => vendor.close());
      const faults: string[] = [];
      const instance = async (seed: number, kill?: Kill) => {
        const steps = killed(state, vendor, kill);
        const caller = tokenInstance(steps.state, vendor, () => nowMs, seed, faults, closing);
        return { ...(await caller), steps };
      };
      if (options.consent ?? true) {
        const { tokens } = await instance(99);
        await (await tokens()).begin(consented(vendor, nowMs));
      }
      return {
        vendor,
        faults,
        instance,
        advance: (seconds: number) => {
          nowMs += seconds * 1000;
        },
      };
    }

    it("gives the token of the consent as long as it lasts, to every instance", async () => {
      const { vendor, instance, advance } = await world();
      const [one, two] = [await instance(1), await instance(2)];
      expect([await one.call(), await two.call()]).toEqual(["access-1", "access-1"]);
      advance(LIFE_SECONDS - 61);
      expect([await one.call(), vendor.asked]).toEqual(["access-1", 0]);
      advance(2);
      expect([await one.call(), await two.call(), vendor.asked]).toEqual([
        "access-2",
        "access-2",
        1,
      ]);
    });

    it("asks once for 50 calls of 5 instances that find the token expired", async () => {
      const { vendor, instance, advance } = await world();
      vendor.delayMs = 100;
      const instances = await Promise.all([1, 2, 3, 4, 5].map((seed) => instance(seed)));
      advance(LIFE_SECONDS);
      const calls = instances.flatMap(({ call }) => Array.from({ length: 10 }, call));
      expect(await Promise.all(calls)).toEqual(Array.from({ length: 50 }, () => "access-2"));
      expect(vendor.asked).toBe(1);
      advance(LIFE_SECONDS);
      expect([await instances[0]?.call(), vendor.asked]).toEqual(["access-3", 2]);
    });

    it("asks once for 50 calls whose token the vendor refuses before its end", async () => {
      const { vendor, instance } = await world();
      vendor.delayMs = 50;
      const { call, refuse } = await instance(1);
      refuse("access-1");
      const calls = Array.from({ length: 50 }, call);
      expect(new Set(await Promise.all(calls))).toEqual(new Set(["access-2"]));
      expect(vendor.asked).toBe(1);
    });

    it("fails after one forced refresh when the vendor refuses that one, too", async () => {
      const { vendor, instance } = await world();
      const { call, refuse } = await instance(1);
      refuse("access-1");
      refuse("access-2");
      await expect(call()).rejects.toMatchObject({ code: "unauthenticated", origin: "upstream" });
      expect(vendor.asked).toBe(1);
    });

    it("says to reconnect when the vendor takes the refresh token no longer, and asks no more", async () => {
      const { vendor, instance, advance, faults } = await world();
      const [one, two] = [await instance(1), await instance(2)];
      vendor.revoke();
      advance(LIFE_SECONDS);
      const revoked = {
        code: "failed_precondition",
        origin: "caller",
        message: expect.stringMatching(
          /acme\/default is no longer accepted \(invalid_grant.*reconnect it with "npm run connect -- acme"/,
        ),
      };
      await expect(one.call()).rejects.toMatchObject(revoked);
      await expect(two.call()).rejects.toMatchObject(revoked);
      expect(vendor.asked).toBe(1);
      expect(faults).toHaveLength(1);
      expect(faults[0]).not.toContain("canary");
    });

    it("works again after a new consent, whatever an older refresh still brings", async () => {
      const { vendor, instance, advance } = await world();
      vendor.delayMs = 150;
      const [one, two] = [await instance(1), await instance(2)];
      advance(LIFE_SECONDS);
      const late = one.call();
      await new Promise((resolve) => setTimeout(resolve, 50));
      const consent = { ...consented(vendor, Date.UTC(2027, 0, 1)), accessToken: "of-consent" };
      await (await two.tokens()).begin(consent);
      await late;
      expect(await two.call()).toBe("of-consent");
    });

    it("tells who never connected to connect", async () => {
      const { instance, vendor } = await world({ consent: false });
      const { call } = await instance(1);
      await expect(call()).rejects.toMatchObject({ code: "failed_precondition" });
      expect(vendor.asked).toBe(0);
    });

    it("keeps what a caller obtained who was thought dead", async () => {
      const { vendor, instance, advance } = await world();
      const [one, two] = [await instance(1), await instance(2)];
      vendor.delayMs = 300;
      advance(LIFE_SECONDS);
      const frozen = one.call();
      await new Promise((resolve) => setTimeout(resolve, 100));
      advance(21);
      vendor.delayMs = 0;
      // The vendor sees the same refresh token twice and ends the family; what the first caller got is all there is.
      const taken = await two.call().catch((thrown: unknown) => thrown);
      expect(Fault.is(taken) && taken.message).toContain("its tokens were lost with it");
      await frozen;
      expect(await two.call()).toBe("access-2");
    });

    // Every step that a refresh takes, each before and after it has taken effect.
    const steps = Array.from({ length: 12 }, (_, at) => at);

    it.each(steps)(
      "loses no token when an instance is killed at step %i and the vendor is lenient",
      async (at) => {
        const { vendor, instance, advance } = await world({ reuses: 1 });
        const dying = await instance(at + 1, { at });
        const next = await instance(100 + at);
        advance(LIFE_SECONDS);
        await Promise.race([dying.call(), dying.steps.dead]);
        advance(21);
        expect(vendor.takes(await next.call())).toBe(true);
        advance(LIFE_SECONDS);
        expect(vendor.takes(await next.call())).toBe(true);
      },
    );

    it.each(steps)(
      "works or says why when killed at step %i and the vendor is strict",
      async (at) => {
        const { vendor, instance, advance } = await world();
        const dying = await instance(at + 1, { at });
        const next = await instance(100 + at);
        advance(LIFE_SECONDS);
        await Promise.race([dying.call(), dying.steps.dead]);
        advance(21);
        const token = await next.call().catch((thrown: unknown) => thrown);
        if (typeof token === "string")
          expect([vendor.takes(token), dying.steps.lostAt]).toEqual([true, -1]);
        else {
          // Only between the vendor's answer and the store is there nothing that could have been kept.
          expect([at, Fault.is(token) && token.message]).toEqual([
            dying.steps.lostAt,
            expect.stringContaining("a refresh was interrupted and its tokens were lost with it"),
          ]);
        }
      },
    );
  });
}

function consented(vendor: TokenServer, nowMs: number): IssuedTokens {
  return {
    accessToken: "access-1",
    refreshToken: vendor.current,
    expiresAtMs: nowMs + LIFE_SECONDS * 1000,
  };
}
