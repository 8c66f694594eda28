import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "#shared/function";
import { memoryPorts, type MemoryPorts, type MemoryPortsOptions } from "./memory-ports.ts";

/**
 * {@link memoryPorts} for a test that talks over real sockets, which do not wait for a fake clock: the time stands
 * still, sleeping takes as long as it says, and retries wait for nothing.
 */
export function socketPorts(
  options: MemoryPortsOptions = {},
): Omit<MemoryPorts, "clock"> & { readonly clock: Clock } {
  const ports = memoryPorts(options);
  const clock: Clock = {
    now: () => ports.clock.now(),
    async sleep(milliseconds, signal) {
      await sleep(milliseconds, undefined, signal === undefined ? {} : { signal });
    },
  };
  return { ...ports, clock, random: { ...ports.random, next: () => 0 } };
}
