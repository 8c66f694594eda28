import { createHash } from "node:crypto";
import { renderMasterKey } from "#shared/connections";
import { type ActionCall, bodyText, type FunctionDefinition, type Ports } from "#shared/function";
import { bindFunction } from "#shared/host";
import { staticIdentity } from "#shared/identity";
import { type MemoryPorts, memoryPorts } from "#shared/testing";
import * as z from "zod";
import { agentRun } from "../agent-run.ts";
import { agentTools } from "../agent-tools.ts";

/** Nothing that is stored, logged, audited or listed may hold it. */
export const CANARY = "canary-4c1d-secret";

/** A deployment with two tenants and what its functions write down. */
export class AgentWorld {
  readonly memory: MemoryPorts;
  readonly ports: Ports;
  /** Every row that was written, as its store got it. */
  readonly written: string[] = [];
  /** Effects by idempotency key: the integration's own guard. */
  readonly effects = new Map<string, number>();
  #calls = 0;

  constructor(act: (call: ActionCall) => unknown = () => ({ ts: `answer ${CANARY}` })) {
    this.memory = memoryPorts({
      secrets: { "master-key": renderMasterKey("m1", new Uint8Array(32).fill(1)) },
    });
    const { state } = this.memory;
    this.ports = {
      ...this.memory,
      state: {
        ...state,
        write: (write, signal) => {
          this.written.push(JSON.stringify(write));
          return state.write(write, signal);
        },
      },
      identity: staticIdentity({
        "key-a": { tenant: "tenant-a", subject: "ada" },
        "key-a2": { tenant: "tenant-a", subject: "helper" },
        "key-b": { tenant: "tenant-b", subject: "bob" },
      }),
      actions: {
        name: "test",
        call: async (call) => {
          const key = call.idempotencyKey ?? "none";
          const answer = await act(call);
          this.effects.set(key, (this.effects.get(key) ?? 0) + 1);
          return answer;
        },
      },
    };
  }

  async call(method: string, target: string, body?: unknown, key = "key-a", ports = this.ports) {
    const [path = "", query = ""] = target.split("?");
    const output = await bindFunction(agentTools, ports, "test").http(
      {
        method,
        path,
        query,
        headers: { authorization: `Bearer ${key}` },
        body: body === undefined ? "" : JSON.stringify(body),
        clientIp: undefined,
      },
      this.#meta(),
    );
    const text = bodyText(output);
    const json: unknown = text === "" ? undefined : JSON.parse(text);
    return { status: output.status, json, text };
  }

  /** The messages that wait to be run, as the broker has them. */
  take(): string[] {
    return this.memory.queue.take("agent-run");
  }

  /** Delivers messages to one process. */
  async deliver(bodies: readonly string[], attempt = 1, ports = this.ports): Promise<void> {
    for (const body of bodies) {
      const delivery = { handle: "1", body, receiveCount: attempt };
      await this.#bound(agentRun, ports).messages([delivery], this.#meta());
    }
  }

  #bound(definition: FunctionDefinition, ports: Ports) {
    return bindFunction(definition, ports, "test");
  }

  #meta() {
    this.#calls += 1;
    return { id: `call-${this.#calls}`.padEnd(8, "0"), remainingMs: () => 40_000 };
  }
}

export function digestOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** Lets an agent do all of Slack's, three times a day; one action waits for a person. */
export const policy = {
  tools: ["slack.*"],
  readOnly: false,
  approve: ["slack.delete-message"],
  callsPerDay: 3,
};
const write = {
  agent: "helper",
  tool: "slack.delete-message",
  effect: "write",
  connection: "default",
  input: { text: CANARY },
};
export const read = {
  agent: "helper",
  tool: "slack.auth-test",
  effect: "read",
  connection: "default",
};

/** A world with one agent, `helper`. */
export async function withAgent(act?: (call: ActionCall) => unknown): Promise<AgentWorld> {
  const world = new AgentWorld(act);
  await world.call("PUT", "/v1/agents/permissions/helper", policy);
  return world;
}

/** The id of a new call that waits. */
export async function pending(world: AgentWorld): Promise<string> {
  const { json } = await world.call("POST", "/v1/agents/calls", write);
  return z
    .object({ verdict: z.literal("pending"), approval: z.object({ id: z.string() }) })
    .parse(json).approval.id;
}

const Shown = z.looseObject({ status: z.string() });
/** An approval as its approver sees it or, with a query, its agent. */
export const show = async (world: AgentWorld, id: string, query = "") =>
  Shown.parse((await world.call("GET", `/v1/agents/approvals/${id}${query}`)).json);
