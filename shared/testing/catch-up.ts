import { setTimeout as sleep } from "node:timers/promises";
import type { FakeClock } from "./fake-clock.ts";

/** Lets as much real time pass as a rule's clock was moved since it was last asked: a service keeps its own time. */
export function catchUp(clock: FakeClock): () => Promise<void> {
  let lastMs = clock.now();
  return async () => {
    const owedMs = clock.now() - lastMs;
    lastMs = clock.now();
    if (owedMs > 0) await sleep(owedMs);
  };
}
