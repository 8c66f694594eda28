import { Fault } from "#shared/errors";
import { FakeClock, seededRandom } from "#shared/testing";
import { beforeEach, expect, it } from "vitest";
import {
  callWithFailover,
  type FailoverAttempt,
  type FailoverOptions,
  type FailoverTarget,
} from "./call-with-failover.ts";

let clock: FakeClock;
let asked: { readonly target: string; readonly key: string; readonly atMs: number }[];

beforeEach(() => {
  clock = new FakeClock(0);
  asked = [];
});

function target(
  name: string,
  answer: (attempt: FailoverAttempt) => Promise<string>,
  isIdempotent = true,
): FailoverTarget<string> {
  return {
    name,
    isIdempotent,
    call(attempt) {
      asked.push({ target: name, key: attempt.key, atMs: clock.now() });
      return answer(attempt);
    },
  };
}

const options: FailoverOptions = {
  key: "k",
  deadlineMs: 10_000,
  patienceMs: 1_000,
  maxAttempts: 6,
};
const targets = (): string[] => asked.map((each) => each.target);
const call = (
  list: [FailoverTarget<string>, ...FailoverTarget<string>[]],
  other: Partial<FailoverOptions> = {},
): ReturnType<typeof callWithFailover<string>> =>
  callWithFailover(list, { ...options, ...other }, { clock, random: seededRandom(1) });

const fine = (name: string): FailoverTarget<string> => target(name, async () => `from ${name}`);
const fails = (name: string, fault: Fault, isIdempotent = true): FailoverTarget<string> =>
  target(name, () => Promise.reject(fault), isIdempotent);
const answersAfter = (name: string, ms: number, isIdempotent = true): FailoverTarget<string> =>
  target(name, ({ signal }) => clock.sleep(ms, signal).then(() => `from ${name}`), isIdempotent);

const down = new Fault("unavailable", "test: down");
const busy = new Fault("resource_exhausted", "test: busy");

it("asks the next target under the key that was there before the first attempt", async () => {
  const answer = await call([fails("a", down), fails("b", busy), fine("c")]);
  expect(answer).toEqual({ value: "from c", target: "c", key: "k", attempts: 3 });
  expect(asked).toEqual(["a", "b", "c"].map((name) => ({ target: name, key: "k", atMs: 0 })));
  const { key } = await call([fails("a", down), fine("b")], { key: undefined });
  expect(asked.slice(-2).map((each) => each.key)).toEqual([key, key]);
});

it("takes no timeout for a failure: the first attempt may still be the one that answers", async () => {
  const answer = await call([answersAfter("a", 1_500), answersAfter("b", 5_000)]);
  expect(answer).toMatchObject({ target: "a", attempts: 2 });
  expect(asked.map(({ atMs }) => atMs)).toEqual([0, 1_000]);
});

it("asks nobody else while a target that is not idempotent may have had its effect", async () => {
  expect(await call([answersAfter("a", 3_000, false), fine("b")])).toMatchObject({ attempts: 1 });
  const inDoubt = call([fails("a", down, false), fine("b")]);
  await expect(inDoubt).rejects.toMatchObject({ details: { outcome: "unknown" } });
  expect(await call([fails("a", busy, false), fine("b")])).toMatchObject({ target: "b" });
  expect(targets()).toEqual(["a", "a", "a", "b"]);
});

it("waits for who works on the key", async () => {
  const running = new Fault("aborted", "test: running", { retryAfterMs: 700 });
  let polls = 0;
  const a = target("a", () => (polls++ === 0 ? Promise.reject(running) : Promise.resolve("done")));
  expect(await call([a])).toMatchObject({ value: "done", attempts: 2 });
  expect(asked.map(({ atMs }) => atMs)).toEqual([0, 700]);
});

it("gives up what no other target can mend", async () => {
  const refused = new Fault("invalid_argument", "test: refused", { origin: "caller" });
  await expect(call([fails("a", refused), fine("b")])).rejects.toBe(refused);
  expect(targets()).toEqual(["a"]);
});

it("ends at the deadline, and says what cannot be told", async () => {
  const late = call([answersAfter("a", 60_000), answersAfter("b", 60_000)]);
  await expect(late).rejects.toMatchObject({
    code: "deadline_exceeded",
    details: { outcome: "unknown" },
  });
  expect(clock.now()).toBe(10_000);
  await expect(call([fails("a", busy)], { deadlineMs: 10_100 })).rejects.toMatchObject({
    code: "deadline_exceeded",
    details: {},
  });
});

it("keeps to its number of attempts and to the budget", async () => {
  await expect(call([fails("a", down), fails("b", down)])).rejects.toMatchObject({
    code: "unavailable",
    details: { outcome: "unknown" },
  });
  expect(targets()).toEqual(["a", "b", "a", "b", "a", "b"]);
  asked = [];
  let left = 1;
  const reserve = (): boolean => left-- > 0;
  await expect(call([fails("a", busy), fails("b", busy)], { reserve })).rejects.toBe(busy);
  expect(targets()).toEqual(["a", "b"]);
});
