import { setTimeout as sleep } from "node:timers/promises";
import type { FakeClock } from "./fake-clock.ts";

/** Lets as much real time pass as a rule's clock was moved, counted from when it was last asked: services keep their own. */
export function catchUp(clock: FakeClock): () => Promise<void> {
  let [lastMs, lastRealMs] = [clock.now(), Date.now()];
  return async () => {
    const owedMs = clock.now() - lastMs - (Date.now() - lastRealMs);
    if (owedMs > 0) await sleep(owedMs);
    [lastMs, lastRealMs] = [clock.now(), Date.now()];
  };
}
