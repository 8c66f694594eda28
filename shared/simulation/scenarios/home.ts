import { Fault } from "#shared/errors";
import { unleash } from "../chaos.ts";
import { Network } from "../network.ts";
import type { Scenario } from "../simulate.ts";
import type { Simulation } from "../simulation.ts";
import { HomeCloud } from "./home-cloud.ts";

const CHAOS_MS = 90_000;
const CALM_MS = 90_000;
const CLAIMS = 40;
const LOOK_EVERY_MS = 1_000;

/** Three clouds take keys from the one that is home, which may be lost and replaced; nobody else may act as one. */
export const home: Scenario = {
  name: "home",
  summary: "one cloud is home to what happens once; partitions, crashes, promotions, its return",
  // Replicas at work all the time make a long play.
  testSeeds: 100,
  plants: {
    "no-handover": "a promoted home begins at once, whatever the one before still believes",
  },
  sometimes: [
    "crashes",
    "partitions",
    "stalls",
    "lost messages",
    "duplicates",
    "timeouts",
    "promotions",
    "promotions refused",
    "taken",
    "found taken",
    "refused without a home",
    "the home had no lease",
    "fenced",
  ],
  play: (simulation, plant) => new World(simulation, plant).play(),
};

class World {
  readonly #simulation: Simulation;
  readonly #wan: Network;
  readonly #clouds: [HomeCloud, HomeCloud, HomeCloud];
  readonly #violations = new Set<string>();
  /** Who was told that a key is theirs. */
  readonly #takers = new Map<string, number>();
  #isCalm = false;

  constructor(simulation: Simulation, plant: string | undefined) {
    this.#simulation = simulation;
    this.#wan = new Network(simulation, {
      latencyMs: [20, 150],
      loss: 0.03,
      duplicated: 0.03,
      timeoutMs: 4_000,
    });
    const world = {
      simulation,
      wan: this.#wan,
      isCalm: () => this.#isCalm,
      handoverMs: plant === "no-handover" ? 0 : undefined,
    };
    this.#clouds = [
      new HomeCloud(world, "aws"),
      new HomeCloud(world, "azure"),
      new HomeCloud(world, "gcp"),
    ];
  }

  async play(): Promise<string[]> {
    const simulation = this.#simulation;
    const endMs = simulation.nowMs + CHAOS_MS;
    for (const cloud of this.#clouds) cloud.start(this.#clouds);
    for (let claim = 0; claim < CLAIMS; claim += 1) {
      simulation.at(simulation.between(simulation.nowMs, endMs), () => this.#claim());
    }
    for (let look = 0; look < (CHAOS_MS + CALM_MS) / LOOK_EVERY_MS; look += 1) {
      simulation.at(simulation.nowMs + look * LOOK_EVERY_MS, () => void this.#look());
    }
    const [aws, azure, gcp] = this.#clouds;
    unleash(simulation, {
      untilMs: endMs,
      network: this.#wan,
      nodes: [aws.node, azure.node, gcp.node],
      places: [aws.name, azure.name, gcp.name],
      events: 8,
      longestMs: 40_000,
    });
    if (simulation.chance(0.7)) {
      simulation.at(simulation.between(simulation.nowMs + 20_000, endMs), () => this.#promote());
    }
    simulation.at(endMs, () => void (this.#isCalm = true));
    await simulation.run(endMs + CALM_MS - 20_000);
    await this.#verdict();
    return [...this.#violations];
  }

  /** An operator who sees only one survivor believes that the home is lost; it may well be alive. */
  #promote(): void {
    const [lost, azure, gcp] = this.#clouds;
    const replica = this.#simulation.pick([azure, gcp]).session()?.replica;
    replica?.promote(lost.name).then(
      () => this.#simulation.count("promotions"),
      () => this.#simulation.count("promotions refused"),
    );
  }

  #claim(): void {
    const simulation = this.#simulation;
    const cloud = simulation.pick(this.#clouds);
    const key = String(simulation.between(1, 15));
    cloud.claim(key).then(
      (isTaken) => {
        if (isTaken) this.#takers.set(key, (this.#takers.get(key) ?? 0) + 1);
        simulation.count(isTaken ? "taken" : "found taken");
        simulation.note(() => `${cloud.name} asked for ${key}: ${isTaken}`);
      },
      (thrown: unknown) => {
        const code = Fault.is(thrown) ? thrown.code : "internal";
        if (code === "aborted") simulation.count("refused without a home");
        if (code === "failed_precondition") simulation.count("fenced");
        if (code === "internal") this.#violations.add(`a claim failed: ${String(thrown)}`);
      },
    );
  }

  async #look(): Promise<void> {
    const homes = await this.#homes();
    if (homes.length === 0) this.#simulation.count("the home had no lease");
    if (homes.length < 2) return;
    this.#violations.add(`${homes.map(({ name }) => name).join(" and ")} had leases at a time`);
  }

  async #homes(): Promise<readonly HomeCloud[]> {
    const standings = await Promise.all(this.#clouds.map((cloud) => cloud.standing()));
    return this.#clouds.filter((_, index) => standings[index]?.isHome);
  }

  async #verdict(): Promise<void> {
    if ((await this.#homes()).length !== 1) this.#violations.add("there is no home in peace");
    const standings = await Promise.all(this.#clouds.map((cloud) => cloud.standing()));
    // What only a lost home knew may be given again; a promotion that was refused may have come about nevertheless.
    const isFirst = standings.every((standing) => standing.members?.epoch === 1);
    for (const [key, takers] of isFirst ? this.#takers : []) {
      if (takers > 1) this.#violations.add(`${key} was given to ${takers}`);
    }
    const members = standings.map((standing) => JSON.stringify(standing.members));
    if (new Set(members).size !== 1) this.#violations.add(`members differ: ${members.join(" ")}`);
    const survivors = this.#clouds.filter(({ name }) =>
      standings[0]?.members?.clouds.includes(name),
    );
    const held = await Promise.all(survivors.map((cloud) => cloud.rows()));
    if (new Set(held).size !== 1) this.#violations.add("the copies of the home's rows differ");
  }
}
