import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as timeout } from "node:timers/promises";
import type { Clock, Random } from "#shared/function";

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(milliseconds, signal) {
    try {
      await timeout(milliseconds, undefined, signal === undefined ? {} : { signal });
    } catch (thrown) {
      throw signal?.aborted === true ? signal.reason : thrown;
    }
  },
};

/** The machine's randomness: ids and bytes are fit for secrets, `next` is for jitter only. */
export const systemRandom: Random = {
  uuid: () => randomUUID(),
  next: () => Math.random(),
  bytes: (length) => randomBytes(length),
};
