import { Fault } from "#shared/errors";
import { type FireSlot, fireSlots, scheduleSlots, slotName } from "#shared/schedules";
import { openStore } from "#shared/state";
import { unleash } from "../chaos.ts";
import { Network } from "../network.ts";
import { remoteState, type StorePlace } from "../remote-state.ts";
import type { Scenario } from "../simulate.ts";
import type { Life, SimulatedNode } from "../simulated-node.ts";
import type { Simulation } from "../simulation.ts";
import { worldScope } from "../world-scope.ts";
import { SlotEffects } from "./slot-effects.ts";
import { leaseWithoutFence, onLocalTime } from "./slot-plants.ts";
import { faultyPlace, threeClouds } from "./three-clouds.ts";
import { Timer } from "./timer.ts";

const MINUTE_MS = 60_000;
const LEASE_SECONDS = 30;
const SCHEDULE = "digest";
const CRON = "*/30 * * * *";
const INTERVAL_MS = 30 * MINUTE_MS;
const CHAOTIC_SLOTS = 6;
const CALM_SLOTS = 2;

/** Midnight in UTC of days on which clocks are changed in Berlin or New York, and of one on which none is. */
const DAYS = [
  Date.UTC(2026, 2, 8, 6),
  Date.UTC(2026, 2, 29),
  Date.UTC(2026, 9, 25),
  Date.UTC(2026, 10, 1, 5),
  Date.UTC(2026, 10, 21),
];

/** Three clouds run one schedule; each slot is to have one effect. */
export const schedules: Scenario = {
  name: "schedules",
  summary: "three clouds fire one schedule; clocks ±10 s, crashes, partitions, stalls, DST days",
  plants: {
    "lease-without-fence": "a lease by the clock, and effects that nobody checks",
    "local-time": "slots are named by the wall clock of Berlin",
  },
  sometimes: [
    "crashes",
    "partitions",
    "stalls",
    "lost messages",
    "duplicates",
    "timeouts",
    "failed handlers",
    "repeated runs",
    "late slots",
    "stale fences",
  ],
  startMs: (seed) => (DAYS[seed % DAYS.length] ?? 0) - MINUTE_MS,
  async play(simulation, plant) {
    const world = new World(simulation, plant);
    return world.play();
  },
};

class World {
  readonly #simulation: Simulation;
  readonly #plant: string | undefined;
  readonly #network: Network;
  readonly #home: StorePlace;
  readonly #effects: SlotEffects;
  readonly #clouds: [SimulatedNode, SimulatedNode, SimulatedNode];
  readonly #failures = new Map<number, number>();

  constructor(simulation: Simulation, plant: string | undefined) {
    this.#simulation = simulation;
    this.#plant = plant;
    this.#network = new Network(simulation, {
      latencyMs: [5, 80],
      loss: 0.02,
      duplicated: 0.02,
      timeoutMs: 2_000,
    });
    this.#home = faultyPlace(simulation, "home");
    this.#effects = new SlotEffects(simulation, LEASE_SECONDS * 1000);
    this.#clouds = threeClouds(simulation);
  }

  async play(): Promise<string[]> {
    const simulation = this.#simulation;
    const firstMs = Math.ceil(simulation.nowMs / INTERVAL_MS) * INTERVAL_MS;
    const slots = Array.from(
      { length: CHAOTIC_SLOTS + CALM_SLOTS },
      (_, index) => firstMs + index * INTERVAL_MS,
    );
    const [aws, azure, gcp] = this.#clouds;
    const tick = (life: Life, slotMs: number): Promise<void> => this.#tick(life, slotMs);
    const onEnd = (slotMs: number): void => this.#effects.end(slotMs);
    new Timer(simulation, aws, { repeats: 4, isOwed: false }, tick, onEnd).plan(slots);
    new Timer(simulation, azure, { repeats: 0, isOwed: true }, tick, onEnd).plan(slots);
    new Timer(simulation, gcp, { repeats: 0, isOwed: false }, tick, onEnd).plan(slots);
    // The first slot is left in peace: before there is a record nothing is owed.
    simulation.at(firstMs + 5 * MINUTE_MS, () =>
      unleash(simulation, {
        untilMs: firstMs + (CHAOTIC_SLOTS - 0.5) * INTERVAL_MS,
        network: this.#network,
        nodes: this.#clouds,
        places: [this.#home.name, this.#effects.name],
        events: 10,
        longestMs: 40 * MINUTE_MS,
      }),
    );
    await simulation.run((slots.at(-1) ?? 0) + INTERVAL_MS - MINUTE_MS);
    const missed = slots.filter((slotMs) => this.#effects.isOwed(slotMs, INTERVAL_MS));
    return [
      ...this.#effects.violations,
      ...missed.map((slotMs) => `${slotName(slotMs)} was missed`),
    ];
  }

  async #tick(life: Life, slotMs: number): Promise<void> {
    const state = remoteState(this.#network, life, this.#home);
    const { clock, random } = life;
    const rows = openStore(scheduleSlots, { state, clock, random }, worldScope);
    const tick = {
      schedule: SCHEDULE,
      slotMs,
      owner: life.node.name,
      leaseSeconds: LEASE_SECONDS,
      clock,
      cron: CRON,
      missed: "once" as const,
    };
    const fire: FireSlot = (dueMs, held) => this.#handle(life, dueMs, held.fence, true);
    if (this.#plant === "lease-without-fence") {
      return leaseWithoutFence(rows, tick, (dueMs) => this.#handle(life, dueMs, 0, false));
    }
    if (this.#plant === "local-time") return onLocalTime(rows, tick, fire);
    return fireSlots(rows, tick, fire);
  }

  /** What the function does: takes its time, fails now and then, and has one effect. */
  async #handle(life: Life, slotMs: number, fence: number, isGuarded: boolean): Promise<void> {
    const simulation = this.#simulation;
    const end = this.#effects.begin(life, slotMs, isGuarded ? fence : undefined);
    try {
      await life.clock.sleep(simulation.between(100, 15_000));
      const failures = this.#failures.get(slotMs) ?? 0;
      if (failures < 2 && simulation.chance(0.15)) {
        simulation.count("failed handlers");
        this.#failures.set(slotMs, failures + 1);
        throw new Fault("unavailable", "simulation: the handler failed");
      }
      await this.#network.call(life, this.#effects, async () =>
        this.#effects.apply(slotMs, isGuarded ? fence : undefined),
      );
    } finally {
      end();
    }
  }
}
