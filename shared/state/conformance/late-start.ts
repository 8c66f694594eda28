import type { AddRule } from "#shared/testing";
import { expect } from "vitest";
import type { StateDriver } from "../driver.ts";
import { conformanceStore } from "./bench.ts";

/** A driver whose store cannot be reached before `start`. */
export type LateStore = {
  readonly driver: StateDriver;
  start(): Promise<void>;
  stop(): Promise<void>;
};

/** Real time: a client may wait a moment before it connects again. */
const ATTEMPTS = 100;
const EVERY_MS = 100;

/** What a driver does whose first use met no store. */
export function lateStartRule(
  rule: AddRule,
  openLate: (() => Promise<LateStore>) | undefined,
): void {
  rule(
    "S16",
    "a start that failed is not remembered",
    async () => {
      if (openLate === undefined) throw new Error("there is nothing to be reached");
      const late = await openLate();
      const key = { store: conformanceStore.name, partition: "late", sort: "never" };
      const read = (): Promise<unknown> => late.driver.read(key, undefined);
      try {
        const error: unknown = await read().catch((thrown: unknown) => thrown);
        expect(late.driver.codeOf(error)).toBe("unavailable");
        await late.start();
        for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
          const done = await read().then(
            () => true,
            () => false,
          );
          if (done) break;
          await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
        }
        expect(await read()).toBeUndefined();
      } finally {
        await late.driver.close();
        await late.stop();
      }
    },
    { timeoutSeconds: 60 },
  );
}
