import { Fault } from "#shared/errors";
import type { ActionCall, Clock, FunctionDefinition, Ports } from "#shared/function";
import { bindFunction } from "#shared/host";
import { fingerprint, idempotentCalls, once } from "#shared/idempotency";
import { openQueue, queue, type QueueDriver } from "#shared/queue";
import { openStore, type StateDriver } from "#shared/state";
import { type MemoryPorts, memoryPorts } from "#shared/testing";
import { eventSource, webhookEvents, WebhookMessage } from "#shared/webhook-events";
import { type Deployment, deployments } from "../deployment.ts";
import { deployEvent, deployNotify, deployStep } from "../index.ts";
import { type Pipeline, pipelines } from "../pipeline.ts";
import { type Effect, Vendors } from "./vendors.ts";

/** One run of a process; once killed, nothing it does has an effect any more. */
type Process = { killed: boolean };
type Letter = { readonly definition: FunctionDefinition; readonly body: string; dueMs: number };

const consumers = [deployEvent, deployStep, deployNotify];
/** An instance is silent so long before the queue gives its message to another one. */
const VISIBILITY_MS = 60_000;
/** For so long messages come more than once. */
const REPEATED_STEPS = 400;
const scope = {
  tenant: "default",
  traceparent: "00-00000000000000000000000000000001-0000000000000001-01",
  event: undefined,
  signal: new AbortController().signal,
};

const isWrite = (action: string): boolean =>
  /\.(?:dispatch|post|update|shift|swap|split)-/.test(action);

/**
 * The functions of the recipe over memory ports, queues that deliver at least once, and vendors behind keyed actions.
 * Every port operation and every effect at a vendor has a step before and one after it; at the step `kill` the process
 * that makes it dies.
 */
export class Simulation {
  readonly memory: MemoryPorts = memoryPorts();
  readonly vendors = new Vendors();
  readonly effects: Effect[] = [];
  /** Every call of an action, with its input and what it was answered. */
  readonly calls: { action: string; input: unknown; answer: unknown }[] = [];
  steps = 0;
  readonly #kill: number | undefined;
  /** How often each message is delivered. */
  readonly #copies: number;
  #letters: Letter[] = [];

  constructor(options: { readonly kill?: number; readonly copies?: number } = {}) {
    this.#kill = options.kill;
    this.#copies = options.copies ?? 1;
  }

  async configure(pipeline: Pipeline): Promise<void> {
    await openStore(pipelines, this.memory, scope).put(pipeline, { ifRev: "any" });
  }

  /** What the webhook endpoint does: stores the event and queues it. */
  async receive(id: string, type: string, payload: unknown): Promise<void> {
    const source = eventSource("github-actions", "default");
    const event = { source, delivery: id, type, payload, receivedAtMs: 0, queued: true };
    await openStore(webhookEvents, this.memory, scope).create(event);
    const sender = openQueue(
      queue(deployEvent.name, { schema: WebhookMessage }),
      this.memory,
      scope,
    );
    await sender.send({ integration: "github-actions", connection: "default", event: id });
  }

  /** The tag `v2`, pushed. */
  async push(id = "push-1", after = "c".repeat(40)): Promise<void> {
    const repository = { full_name: "octo/shop" };
    await this.receive(id, "push", { repository, ref: "refs/tags/v2", after, deleted: false });
  }

  async deployments(): Promise<Deployment[]> {
    const page = await openStore(deployments, this.memory, scope).list("octo/shop");
    return page.items.map(({ value }) => value);
  }

  /** Delivers messages until none are left, or for some time; builds end while it goes on. */
  async run(seconds = 20_000): Promise<void> {
    const { clock } = this.memory;
    const untilMs = clock.now() + seconds * 1_000;
    while (clock.now() < untilMs) {
      if (this.steps > 20_000) throw new Error("the deployment does not end");
      this.#collect();
      const due = this.#letters.filter(({ dueMs }) => dueMs <= clock.now());
      for (const letter of due) await this.#deliver(letter);
      if (due.length > 0) continue;
      clock.advance(5_000);
    }
  }

  /** Messages that were given up. */
  dead(): string[] {
    return consumers.flatMap(({ name }) => this.memory.queue.take(`${name}-dead`));
  }

  #collect(): void {
    for (const definition of consumers) {
      for (const body of this.memory.queue.take(definition.name)) {
        // Only the first ones: a repeat that is repeated itself would never end.
        const copies = this.#letters.length + this.steps < REPEATED_STEPS ? this.#copies : 1;
        for (let copy = 0; copy < copies; copy += 1) {
          this.#letters.push({ definition, body, dueMs: 0 });
        }
      }
    }
  }

  async #deliver(letter: Letter): Promise<void> {
    letter.dueMs = this.memory.clock.now() + VISIBILITY_MS;
    const process: Process = { killed: false };
    const bound = bindFunction(letter.definition, this.#portsOf(process), "simulated");
    const delivery = { handle: "1", body: letter.body, receiveCount: 1 };
    const meta = { id: this.memory.random.uuid(), remainingMs: () => 50_000 };
    const [settlement] = await bound.messages([delivery], meta);
    if (process.killed || settlement?.done !== true) return;
    this.#letters = this.#letters.filter((other) => other !== letter);
  }

  #portsOf(process: Process): Ports {
    const { memory } = this;
    const act = async <T>(work: () => Promise<T>): Promise<T> => {
      this.#step(process);
      const result = await work();
      this.#step(process);
      return result;
    };
    const state: StateDriver = {
      ...memory.state,
      read: (key, signal) => act(() => memory.state.read(key, signal)),
      write: (write, signal) => act(() => memory.state.write(write, signal)),
      list: (range, signal) => act(() => memory.state.list(range, signal)),
    };
    const outbox: QueueDriver = {
      ...memory.queue,
      send: (name, messages, signal) => act(() => memory.queue.send(name, messages, signal)),
    };
    const call = (given: ActionCall): Promise<unknown> => this.#call(process, given);
    // Backoffs are fractions of milliseconds; clocks are not.
    const clock: Clock = {
      now: () => Math.floor(memory.clock.now()),
      sleep: (...time) => memory.clock.sleep(...time),
    };
    return { ...memory, clock, state, queue: outbox, actions: { name: "simulated", call } };
  }

  /** The integration is a process of its own, which may die while its caller goes on. */
  async #call(caller: Process, given: ActionCall): Promise<unknown> {
    const { action, input } = given;
    const process: Process = { killed: false };
    this.#step(caller);
    let answer: unknown;
    try {
      answer = await this.#keyed(given, process);
    } catch (thrown) {
      this.#step(caller);
      throw process.killed ? died() : thrown;
    }
    this.calls.push({ action, input, answer });
    this.#step(caller);
    return answer;
  }

  async #keyed(
    { action, input, idempotencyKey: key }: ActionCall,
    process: Process,
  ): Promise<unknown> {
    const work = async (): Promise<unknown> => {
      this.#step(process);
      const answer = this.vendors.call(action, input);
      if (isWrite(action)) this.effects.push({ action, key: key ?? "", input });
      this.#step(process);
      return answer;
    };
    if (key === undefined || !isWrite(action)) return work();
    const rows = openStore(idempotentCalls, this.#portsOf(process), scope);
    const keyed = { scope: action, key, fingerprint: fingerprint(input) };
    return (await once(rows, { ...keyed, leaseSeconds: 30, ttlSeconds: 86_400 }, work)).answer;
  }

  #step(process: Process): void {
    this.steps += 1;
    if (this.steps === this.#kill) process.killed = true;
    if (process.killed) throw new Fault("internal", "simulation: this process was killed");
  }
}

function died(): Fault {
  return new Fault("unavailable", "simulation: the integration died", {
    origin: "upstream",
    details: { outcome: "unknown" },
  });
}
