import { Fault } from "#shared/errors";
import type { ActionCall, Clock, FunctionDefinition, Ports } from "#shared/function";
import { bindFunction } from "#shared/host";
import { openQueue, queue, type QueueDriver } from "#shared/queue";
import { openStore, type StateDriver } from "#shared/state";
import { type MemoryPorts, memoryPorts, seededRandom } from "#shared/testing";
import { eventSource, webhookEvents, WebhookMessage } from "#shared/webhook-events";
import { pulseFold } from "../pulse-fold.ts";
import { pulsePublish } from "../pulse-publish.ts";
import { SimulatedSlack } from "./simulated-slack.ts";

/** One run of a process; once killed, nothing it does has an effect any more. */
type Process = { killed: boolean };
type Letter = {
  readonly definition: FunctionDefinition;
  readonly body: string;
  visibleAtMs: number;
};

export type SimulationOptions = {
  readonly seed: number;
  /** The steps, counted over the whole run, at which the process that makes the step is killed. */
  readonly kills?: readonly number[];
  /** The share of Slack calls that fail, of the first 20. */
  readonly slackFailures?: number;
  /** The share of steps before which time stands still for everybody, for up to a minute. */
  readonly stalls?: number;
  /** The Slack call, counted over the whole run, that is made long after it was decided, beyond its lease. */
  readonly lateCall?: number;
};

const VISIBILITY_MS = 60_000;
const LONGEST_STALL_MS = 60_000;
const scope = {
  tenant: "default",
  traceparent: "00-00000000000000000000000000000001-0000000000000001-01",
  event: undefined,
  signal: new AbortController().signal,
};

/**
 * The pulse's functions over memory ports, at-least-once queues and a simulated Slack. Every port operation has a
 * step before and one after its effect; at each the seed decides who goes on and how much time has passed, and the
 * process may be killed.
 */
export class Simulation {
  readonly memory: MemoryPorts = memoryPorts();
  readonly ports: Ports;
  readonly slack: SimulatedSlack;
  /** Steps made so far. */
  steps = 0;
  readonly #random: ReturnType<typeof seededRandom>;
  readonly #kills: ReadonlySet<number>;
  readonly #stalls: number;
  readonly #lateCall: number | undefined;
  #waiting: (() => void)[] = [];
  /** Slack calls made so far. */
  #calls = 0;
  #letters: Letter[] = [];

  constructor(options: SimulationOptions) {
    this.#random = seededRandom(options.seed);
    this.#kills = new Set(options.kills);
    this.#stalls = options.stalls ?? 0;
    this.#lateCall = options.lateCall;
    const { clock } = this.memory;
    // Backoffs are fractions of milliseconds; clocks are not.
    const whole: Clock = {
      now: () => Math.floor(clock.now()),
      sleep: (...time) => clock.sleep(...time),
    };
    this.ports = { ...this.memory, clock: whole };
    this.slack = new SimulatedSlack(this.#random, options.slackFailures ?? 0);
  }

  /** What the webhook endpoint does: stores the event and queues it, here as often as told. */
  async receive(id: string, type: string, payload: unknown, times = 1): Promise<void> {
    const source = eventSource("github-actions", "default");
    const event = { source, delivery: id, type, payload, receivedAtMs: 0, queued: true };
    await openStore(webhookEvents, this.ports, scope).create(event);
    const sender = openQueue(queue(pulseFold.name, { schema: WebhookMessage }), this.ports, scope);
    const message = { integration: "github-actions", connection: "default", event: id };
    for (let time = 0; time < times; time += 1) await sender.send(message);
  }

  /** Delivers messages, all visible ones at once, until none are left. */
  async drain(): Promise<void> {
    for (let round = 0; round < 2_000; round += 1) {
      this.#collect(pulseFold, pulseFold.name);
      this.#collect(pulsePublish, pulsePublish.name);
      const nowMs = this.ports.clock.now();
      const due = this.#letters.filter(({ visibleAtMs }) => visibleAtMs <= nowMs);
      await Promise.all(due.map((letter) => this.#deliver(letter)));
      if (due.length === 0) this.memory.clock.advance(1_000);
      if (this.#letters.length === 0 && this.#isQuiet()) return;
    }
    throw new Error("the queues did not drain");
  }

  /** Messages that were given up. */
  dead(): string[] {
    return [pulseFold, pulsePublish].flatMap(({ name }) => this.memory.queue.take(`${name}-dead`));
  }

  #collect(definition: FunctionDefinition, name: string): void {
    const bodies = this.memory.queue.take(name);
    this.#letters.push(...bodies.map((body) => ({ definition, body, visibleAtMs: 0 })));
  }

  /** True once nothing comes out of the queues however long one waits: delays end at 900 s. */
  #isQuiet(): boolean {
    this.memory.clock.advance(901_000);
    this.#collect(pulseFold, pulseFold.name);
    this.#collect(pulsePublish, pulsePublish.name);
    return this.#letters.length === 0;
  }

  async #deliver(letter: Letter): Promise<void> {
    letter.visibleAtMs = this.ports.clock.now() + VISIBILITY_MS;
    const process: Process = { killed: false };
    const bound = bindFunction(letter.definition, this.#portsOf(process), "simulated");
    const delivery = { handle: "1", body: letter.body, receiveCount: 1 };
    const meta = { id: this.#random.uuid(), remainingMs: () => 60_000 };
    const [settlement] = await bound.messages([delivery], meta);
    if (process.killed || settlement?.done !== true) return;
    this.#letters = this.#letters.filter((other) => other !== letter);
  }

  #portsOf(process: Process): Ports {
    const { ports } = this;
    const act = <T>(work: () => Promise<T>): Promise<T> => this.#act(process, work);
    const state: StateDriver = {
      ...ports.state,
      read: (key, signal) => act(() => ports.state.read(key, signal)),
      write: (write, signal) => act(() => ports.state.write(write, signal)),
      list: (range, signal) => act(() => ports.state.list(range, signal)),
    };
    const outbox: QueueDriver = {
      ...ports.queue,
      send: (name, messages, signal) => act(() => ports.queue.send(name, messages, signal)),
    };
    const call = (action: ActionCall): Promise<unknown> => this.#call(process, action);
    return { ...ports, state, queue: outbox, actions: { name: "simulated", call } };
  }

  /** The integration is a process of its own, which may be killed while its caller goes on. */
  async #call(caller: Process, action: ActionCall): Promise<unknown> {
    this.#calls += 1;
    if (this.#calls === this.#lateCall) await this.#delay(caller);
    const process: Process = { killed: false };
    let answer: unknown;
    try {
      answer = await this.slack.call(action, this.#portsOf(process), () => this.#step(process));
    } catch (thrown) {
      await this.#step(caller);
      throw process.killed ? new Fault("unavailable", "simulation: the integration died") : thrown;
    }
    await this.#step(caller);
    return answer;
  }

  /** Lets a lease pass, and others use what comes after it. */
  async #delay(caller: Process): Promise<void> {
    this.memory.clock.advance(LONGEST_STALL_MS);
    const steps = Math.floor(this.#random.next() * 40);
    for (let step = 0; step < steps; step += 1) await this.#step(caller);
  }

  async #act<T>(process: Process, work: () => Promise<T>): Promise<T> {
    await this.#step(process);
    const result = await work();
    await this.#step(process);
    return result;
  }

  /** Waits for its turn. Throws in a process that is killed here or was before. */
  async #step(process: Process): Promise<void> {
    const turn = new Promise<void>((resolve) => this.#waiting.push(resolve));
    setImmediate(() => this.#wakeOne());
    await turn;
    this.steps += 1;
    if (this.#kills.has(this.steps)) process.killed = true;
    if (process.killed) throw new Fault("internal", "simulation: this process was killed");
  }

  #wakeOne(): void {
    const index = Math.floor(this.#random.next() * this.#waiting.length);
    const [wake] = this.#waiting.splice(index, 1);
    const isStall = this.#random.next() < this.#stalls;
    this.memory.clock.advance(Math.floor(this.#random.next() * (isStall ? LONGEST_STALL_MS : 50)));
    wake?.();
  }
}
