import type { Random } from "#shared/function";
import type { Operation } from "./is-linearizable.ts";
import { register, type RegisterInput, type RegisterOutput } from "./register.ts";

type Registered = Operation<RegisterInput, RegisterOutput>;

export type Simulation = {
  readonly random: Pick<Random, "next">;
  readonly operations: number;
  /** How many operations may overlap. */
  readonly clients: number;
  /** The share of answers that never arrive; half of those operations never happened. */
  readonly lost?: number;
};

/**
 * A history that is right by construction: every operation happens at one moment between call and answer, on a row that
 * does as the model says.
 */
export function simulatedHistory(simulation: Simulation): Registered[] {
  const { random, operations, clients, lost = 0 } = simulation;
  const history: Registered[] = [];
  const busy: { input: RegisterInput; calledAt: number; output: RegisterOutput | undefined }[] = [];
  let [now, made, state] = [0, 0, register.initial];
  const marks = [state];
  const pick = <T>(list: readonly T[]): T | undefined =>
    list[Math.floor(random.next() * list.length)];
  while (made < operations || busy.length > 0) {
    now += 1;
    const one = pick(busy);
    if (
      made < operations &&
      (one === undefined || (busy.length < clients && random.next() < 0.5))
    ) {
      made += 1;
      const input = inputOf(random.next(), `m${made}`, pick(marks.slice(-4)) ?? "");
      busy.push({ input, calledAt: now, output: undefined });
      continue;
    }
    if (one === undefined) continue;
    const isLost = one.output === undefined && random.next() < lost;
    if (isLost && random.next() < 0.5) {
      history.push({ ...one, answeredAt: undefined });
      busy.splice(busy.indexOf(one), 1);
    } else if (one.output === undefined) {
      [state, one.output] = happen(state, one.input);
      marks.push(state);
      if (!isLost) continue;
      history.push({ ...one, output: undefined, answeredAt: undefined });
      busy.splice(busy.indexOf(one), 1);
    } else {
      history.push({ ...one, answeredAt: now });
      busy.splice(busy.indexOf(one), 1);
    }
  }
  return history;
}

function happen(state: string, input: RegisterInput): [string, RegisterOutput] {
  if (input.kind === "read") return [state, { kind: "shown", mark: state }];
  const after = register.step(state, input, { kind: "done" });
  return after === undefined
    ? [state, { kind: "refused", mark: state }]
    : [after, { kind: "done" }];
}

function inputOf(chance: number, mark: string, based: string): RegisterInput {
  if (chance < 0.4) return { kind: "read" };
  if (chance < 0.5) return { kind: "create", mark };
  if (chance < 0.65) return { kind: "write", mark };
  if (chance < 0.9) return { kind: "replace", mark, based };
  return { kind: "remove", based: chance < 0.95 ? undefined : based };
}
