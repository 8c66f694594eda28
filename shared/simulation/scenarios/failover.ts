import { Fault } from "#shared/errors";
import { callWithFailover, type FailoverTarget } from "#shared/failover";
import { idempotentCalls, once } from "#shared/idempotency";
import { openStore } from "#shared/state";
import { unleash } from "../chaos.ts";
import { Network } from "../network.ts";
import { remoteState, type StorePlace } from "../remote-state.ts";
import type { Scenario } from "../simulate.ts";
import type { SimulatedNode } from "../simulated-node.ts";
import type { Simulation } from "../simulation.ts";
import { worldScope } from "../world-scope.ts";
import { faultyPlace, skewedNode, threeClouds } from "./three-clouds.ts";

const CHAOTIC_CALLS = 5;
const CALM_CALLS = 1;
const CALL_EVERY_MS = 40_000;
const DEADLINE_MS = 25_000;
/** How long a callee may run. */
const TIMEOUT_SECONDS = 30;
const PATIENCE_MS = 1_500;
const MAX_ATTEMPTS = 12;

/** A service that knows no idempotency keys: whoever asks twice has the effect twice. */
type Vendor = { readonly name: "vendor"; readonly isUp: true };
const vendor: Vendor = { name: "vendor", isUp: true };

/** A gateway calls a function on one cloud after the other until one answers; each call is to have one effect. */
export const failover: Scenario = {
  name: "failover",
  summary: "a call fails over between three clouds; its effect is at a vendor that knows no keys",
  plants: {
    "retry-without-key": "every attempt has a key of its own",
    "timeout-is-failure": "a callee whose vendor did not answer frees the key",
  },
  sometimes: [
    "crashes",
    "partitions",
    "stalls",
    "lost messages",
    "duplicates",
    "timeouts",
    "failed over",
    "unknown outcomes",
  ],
  async play(simulation, plant) {
    return new World(simulation, plant).play();
  },
};

class World {
  readonly #simulation: Simulation;
  readonly #plant: string | undefined;
  readonly #network: Network;
  /** Connections to a vendor do not deliver a request twice. */
  readonly #internet: Network;
  readonly #home: StorePlace;
  readonly #gateway: SimulatedNode;
  readonly #clouds: [SimulatedNode, SimulatedNode, SimulatedNode];
  readonly #effects = new Map<number, number>();
  readonly #violations: string[] = [];
  #isCalm = false;

  constructor(simulation: Simulation, plant: string | undefined) {
    this.#simulation = simulation;
    this.#plant = plant;
    const link = { latencyMs: [5, 80], loss: 0.03, timeoutMs: 2_000 } as const;
    this.#network = new Network(simulation, { ...link, duplicated: 0.03 });
    this.#internet = new Network(simulation, link);
    this.#home = faultyPlace(simulation, "home", () => this.#isCalm);
    this.#gateway = skewedNode(simulation, "gateway");
    this.#clouds = threeClouds(simulation);
  }

  async play(): Promise<string[]> {
    const simulation = this.#simulation;
    const startMs = simulation.nowMs;
    const calmMs = startMs + CHAOTIC_CALLS * CALL_EVERY_MS;
    for (let call = 0; call < CHAOTIC_CALLS + CALM_CALLS; call += 1) {
      const spreadMs = call < CHAOTIC_CALLS ? 10_000 : 0;
      const atMs = startMs + call * CALL_EVERY_MS + simulation.between(0, spreadMs);
      simulation.at(atMs, () => void this.#call(call).catch(() => undefined));
    }
    unleash(simulation, {
      untilMs: calmMs - DEADLINE_MS,
      network: this.#network,
      nodes: this.#clouds,
      places: [this.#gateway.name, this.#home.name],
      events: 8,
      longestMs: 30_000,
    });
    simulation.at(calmMs - DEADLINE_MS, () => {
      this.#internet.heal();
      this.#isCalm = true;
    });
    await simulation.run(calmMs + CALM_CALLS * CALL_EVERY_MS + 120_000);
    return this.#violations;
  }

  async #call(call: number): Promise<void> {
    const simulation = this.#simulation;
    const { life } = this.#gateway;
    if (life === undefined) return;
    const [aws, azure, gcp] = this.#clouds.map((cloud) => this.#target(cloud, call));
    if (aws === undefined || azure === undefined || gcp === undefined) return;
    const options = {
      deadlineMs: life.clock.now() + DEADLINE_MS,
      patienceMs: PATIENCE_MS,
      maxAttempts: MAX_ATTEMPTS,
    };
    try {
      const { attempts, target } = await callWithFailover([aws, azure, gcp], options, life);
      simulation.note(() => `call ${call} was answered by ${target} after ${attempts} attempts`);
      if (attempts > 1) simulation.count("failed over");
      if (!this.#effects.has(call)) this.#violations.push(`call ${call} was answered for nothing`);
    } catch (thrown) {
      const fault = Fault.is(thrown) ? thrown : new Fault("internal", String(thrown));
      simulation.note(() => `call ${call} failed: ${fault.code}`);
      if (fault.details["outcome"] === "unknown") simulation.count("unknown outcomes");
      if (call >= CHAOTIC_CALLS)
        this.#violations.push(`call ${call} failed in peace: ${fault.code}`);
    }
  }

  #target(cloud: SimulatedNode, call: number): FailoverTarget<unknown> {
    const { name } = cloud;
    return {
      name,
      isIdempotent: true,
      call: ({ key, number }) => {
        const { life } = this.#gateway;
        if (life === undefined) throw new Error("the gateway is down");
        const used = this.#plant === "retry-without-key" ? `${key}-${number}` : key;
        this.#simulation.note(() => `call ${call}, attempt ${number}, goes to ${name}`);
        return this.#network.call(life, cloud, () => this.#serve(cloud, used, call), DEADLINE_MS);
      },
    };
  }

  /** What a function does under an idempotency key, in the store that all clouds share. */
  async #serve(cloud: SimulatedNode, key: string, call: number): Promise<unknown> {
    const { life } = cloud;
    if (life === undefined) throw new Fault("unavailable", "simulation: the cloud is down");
    const { clock, random } = life;
    const state = remoteState(this.#network, life, this.#home);
    const rows = openStore(idempotentCalls, { state, clock, random }, worldScope);
    const keyed = {
      scope: "pay",
      key,
      fingerprint: String(call),
      leaseSeconds: TIMEOUT_SECONDS,
      ttlSeconds: 86_400,
    };
    const { answer } = await once(rows, keyed, async () => {
      await clock.sleep(this.#simulation.between(20, 3_000));
      await this.#internet
        .call(life, vendor, async () => this.#affect(call, life.node.name))
        .catch((thrown: unknown) => {
          throw this.#vendorFailed(thrown);
        });
      return { paid: call };
    });
    return answer;
  }

  #vendorFailed(cause: unknown): Fault {
    const isPlanted = this.#plant === "timeout-is-failure";
    const details = isPlanted ? undefined : { outcome: "unknown" };
    return new Fault("unavailable", "simulation: the vendor did not answer", {
      cause,
      ...(details && { details }),
    });
  }

  #affect(call: number, by: string): void {
    const effects = (this.#effects.get(call) ?? 0) + 1;
    this.#effects.set(call, effects);
    this.#simulation.note(() => `the effect of call ${call}, from ${by}`);
    if (effects > 1) this.#violations.push(`call ${call} had its effect ${effects} times`);
  }
}
