import { memoryState } from "#shared/state";
import { conformanceSuite, FakeClock, seededRandom } from "#shared/testing";
import { benchRules, conformanceStore } from "../state/conformance/bench.ts";
import { concurrencyRules } from "../state/conformance/concurrency.ts";
import { differentialRule } from "../state/conformance/differential.ts";
import { failureRules } from "../state/conformance/failures.ts";
import { historyRules } from "../state/conformance/histories.ts";
import { keyRules } from "../state/conformance/keys.ts";
import { writeRules } from "../state/conformance/writes.ts";
import { ReplicatedState } from "./replicated-state.ts";
import { lastWriter } from "./version.ts";

const SEEDS = 300;
/** Node ids are no other writer's: the rules draw those of their stores from small seeds. */
const OWN_SEEDS = 1_000_000;
let opened = 0;

async function open(): Promise<ReplicatedState> {
  opened += 1;
  return new ReplicatedState({
    driver: memoryState(),
    stores: [{ store: conformanceStore.name, join: lastWriter }],
    peers: ["azure", "gcp"],
    ports: { clock: new FakeClock(), random: seededRandom(OWN_SEEDS + opened) },
  });
}

// The very rules that every driver of a store is held to: who uses a replicated store need not know that it is one.
conformanceSuite(
  { port: "replicated state", driver: "memory" },
  {
    S33: "a key that is not here looks expired, so that atLeast waits for what is on its way",
  },
  (rule) => {
    const add = benchRules(rule, open);
    for (const rules of [writeRules, keyRules, differentialRule, concurrencyRules, failureRules]) {
      rules(add);
    }
    historyRules(add, SEEDS);
  },
);
