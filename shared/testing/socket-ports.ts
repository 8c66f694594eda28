import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "#shared/function";
import { memoryPorts, type MemoryPorts, type MemoryPortsOptions } from "./memory-ports.ts";

/** The machine's clock: real sockets do not wait for a fake one. */
const machineClock: Clock = {
  now: () => Date.now(),
  async sleep(milliseconds, signal) {
    await sleep(milliseconds, undefined, signal === undefined ? {} : { signal });
  },
};

/** {@link memoryPorts} for a test that talks over real sockets: time is the machine's, retries wait for nothing. */
export function socketPorts(
  options: MemoryPortsOptions = {},
): Omit<MemoryPorts, "clock"> & { readonly clock: Clock } {
  const ports = memoryPorts(options);
  return { ...ports, clock: machineClock, random: { ...ports.random, next: () => 0 } };
}
