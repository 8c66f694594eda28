import { randomUUID } from "node:crypto";
import {
  defineFunction,
  type FunctionDefinition,
  type HttpInput,
  type HttpOutput,
  httpTrigger,
  type Ports,
} from "#shared/function";
import * as z from "zod";
import type { Delivery, Settlement } from "./codecs.ts";

/** How a cloud's own test runs its entry through the vendor's real runtime library. */
export type EntryHarness = {
  /** Registers the definition through the cloud's entry and serves it until stopped. */
  readonly start: (definition: FunctionDefinition, ports: Ports) => Promise<RunningEntry>;
  /** Who refuses a body that is not the JSON its content type says: our pipeline, or the library before it. */
  readonly invalidJson: "ours" | "platform";
  /** Rules about queues that this cloud's trigger cannot keep, each with its reason. */
  readonly except?: Readonly<Record<string, string>>;
};

/** A function that runs; each method is one native invocation of it. */
export type RunningEntry = {
  readonly http: (input: HttpInput) => Promise<HttpOutput>;
  readonly queue: (
    queue: string,
    deliveries: readonly Delivery[],
  ) => Promise<readonly Settlement[]>;
  /** True when the platform takes the tick for done. */
  readonly schedule: (slotMs: number, firedAtMs: number) => Promise<boolean>;
  readonly stop: () => Promise<void>;
};

/** A function name that no other test has: vendors keep one registry a process. */
export function freshName(kind: string): string {
  return `${kind}-x${randomUUID().slice(0, 8)}`;
}

/** A function that answers `GET /v1/<name>` with the same result always. */
export function fixedAnswer(name: string, result: unknown): FunctionDefinition {
  return defineFunction({
    name,
    summary: "A function under test",
    trigger: httpTrigger("GET", `/v1/${name}`, { auth: "public" }),
    input: z.unknown(),
    uses: {},
    handler: async () => result,
  });
}
