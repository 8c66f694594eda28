import type { BlobDriver } from "#shared/blob";
import { type FaultSource, type Injected, injectFaults } from "./inject-faults.ts";

const onBlobs = {
  head: { kind: "read" },
  get: { kind: "read" },
  list: { kind: "read" },
  put: {
    kind: "write",
    committed: (answer: unknown) =>
      typeof answer === "object" && answer !== null && "ok" in answer && answer.ok === true,
  },
  delete: { kind: "write", committed: (answer: unknown) => answer === true },
} as const;

/** A blob store with faults. */
export function faultyBlobs<D extends BlobDriver>(
  driver: D,
  source: FaultSource,
): Injected<D, keyof typeof onBlobs> {
  return injectFaults(driver, onBlobs, source);
}
