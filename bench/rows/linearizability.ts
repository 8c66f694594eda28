import { isLinearizable } from "../../shared/linearizability/is-linearizable.ts";
import { register } from "../../shared/linearizability/register.ts";
import { simulatedHistory } from "../../shared/linearizability/simulated-history.conformance.ts";
import { seededRandom } from "../../shared/testing/seeded-random.ts";
import { median } from "../measure.ts";
import type { Figure, Row } from "../report.ts";

const OPERATIONS = 100_000;
const OPERATIONS_PER_KEY = 200;
const ROUNDS = 5;
const MOST_MS = 2_000;

/** How long the checker of histories takes, by how much of them overlaps. */
export async function linearizability(): Promise<Row> {
  return {
    id: "linearizability",
    title: `Checking ${OPERATIONS} recorded operations, ${OPERATIONS_PER_KEY} a key`,
    figures: [2, 4, 8].map(check),
    notes: ["2 % of the answers are lost, so that their outcomes are unknown"],
  };
}

function check(clients: number): Figure {
  const keys = Array.from({ length: OPERATIONS / OPERATIONS_PER_KEY }, (_, seed) =>
    simulatedHistory({
      random: seededRandom(seed),
      operations: OPERATIONS_PER_KEY,
      clients,
      lost: 0.02,
    }),
  );
  const rounds = Array.from({ length: ROUNDS }, () => {
    const before = performance.now();
    if (!keys.every((key) => isLinearizable(register, key)))
      throw new Error("a right history failed");
    return performance.now() - before;
  });
  const value = median(rounds);
  return {
    name: `${clients} clients`,
    value,
    unit: "ms",
    target: `< ${MOST_MS}`,
    met: value < MOST_MS,
  };
}
