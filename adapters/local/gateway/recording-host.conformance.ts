import type { Adapter } from "#shared/host";
import { Fault } from "#shared/errors";
import awsAdapter from "../../aws/adapter.ts";
import azureAdapter from "../../azure/adapter.ts";
import gcpAdapter from "../../gcp/adapter.ts";
import type { CloudHost } from "../hosts/host.ts";
import type { Arm } from "./fleet.ts";

const limits = { timeoutSeconds: 30, memoryMb: 256 };
/** A function that takes messages. */
export const consumer = {
  name: "consumer",
  trigger: "queue" as const,
  targets: ["aws", "azure", "gcp"],
  limits,
  queue: "jobs",
  visibilitySeconds: 60,
};
/** A function that a schedule starts. */
export const nightly = {
  name: "nightly",
  trigger: "schedule" as const,
  targets: ["aws", "azure", "gcp"],
  limits,
  cron: "0 3 * * *",
  missed: "once" as const,
};

const succeed = (): boolean => true;

/** A host behind its interface that records what it was asked. */
export function recordingHost(runtime: string) {
  const seen: { messages: string[]; slots: number[] } = { messages: [], slots: [] };
  let state: CloudHost["state"] = "up";
  let answering = true;
  let outcome: () => boolean = succeed;
  const host: CloudHost = {
    runtime,
    get state() {
      return state;
    },
    ready: async () => undefined,
    stop: async () => undefined,
    async http() {
      if (!answering) throw new Fault("unavailable", "planned", { origin: "platform" });
      return { status: 200, headers: {}, cookies: [], body: "" };
    },
    async queue(_fn, _queue, deliveries) {
      seen.messages.push(...deliveries.map(({ body }) => body));
      return deliveries.map(({ handle }) => ({ handle, done: outcome() }));
    },
    async schedule(_fn, slotMs) {
      seen.slots.push(slotMs);
      if (!outcome()) throw new Fault("unavailable", "planned");
    },
  };
  return {
    host,
    seen,
    setState: (next: CloudHost["state"]) => void (state = next),
    setAnswering: (next: boolean) => void (answering = next),
    setOutcome: (next: () => boolean) => void (outcome = next),
  };
}

/** Hosts as the fleet takes them, with the prices of their clouds. */
export function armsOf(hosts: readonly CloudHost[]): Map<string, Arm> {
  return new Map(
    hosts.map((host) => {
      const { price: prices, operations, instances } = adapterOf(host.runtime);
      return [host.runtime, { host, prices, operations, instances }];
    }),
  );
}

function adapterOf(runtime: string): Pick<Adapter, "price" | "operations" | "instances"> {
  return [awsAdapter, azureAdapter, gcpAdapter].find(({ name }) => name === runtime) ?? awsAdapter;
}
