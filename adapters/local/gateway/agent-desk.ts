import { createHash } from "node:crypto";
import { AgentName, AgentPolicy, type ToolCall } from "#shared/agents";
import { Fault } from "#shared/errors";
import { bodyText, type HttpOutput } from "#shared/function";
import * as z from "zod";
import type { Fleet, FleetFunction } from "./fleet.ts";

/** An agent as its token proved it. */
export type Agent = { readonly agent: string; readonly policy: AgentPolicy };

/** What `/mcp` asks the function `agent-tools`, which keeps everything about agents, with the tenant's own key. */
export type AgentDesk = {
  /** The agent of a token; `undefined` for a token that is no agent's. */
  session(token: string): Promise<Agent | undefined>;
  /** The fault's problem where the call may not be made. */
  begin(call: BegunCall): Promise<Answer<z.infer<typeof Begun>>>;
  end(call: EndedCall): Promise<void>;
  /** One of the agent's own approvals, with the answer where it has one. */
  approval(agent: string, id: string): Promise<Answer<unknown>>;
};

export type BegunCall = ToolCall & {
  readonly agent: string;
  readonly connection: string;
  readonly input?: unknown;
};

export type EndedCall = {
  readonly agent: string;
  readonly call: string;
  readonly outcome: "ok" | "failed";
  readonly code: string | null;
  readonly run: string | null;
  readonly costUsd: number | null;
};

/** What the function answered, or the problem (RFC 9457) it failed with. */
export type Answer<T> = { readonly output: T } | { readonly problem: unknown };

export type DeskOptions = {
  readonly fleet: Fleet;
  readonly functions: readonly FleetFunction[];
  /** The tenant's own key. An agent's token never leaves the gateway: no function's address takes it. */
  readonly token: string;
};

const NAME = "agent-tools";
/** By which a token says whose it is, before it proves so. */
const TOKEN = /^agt_([a-z0-9-]{1,63})\.[\w-]{43}$/;
const Session = z.object({ agent: AgentName, policy: AgentPolicy });
const Begun = z.discriminatedUnion("verdict", [
  z.object({ verdict: z.literal("run"), call: z.string() }),
  z.object({ verdict: z.literal("pending"), approval: z.looseObject({ id: z.string() }) }),
]);

/** Opens the desk of a running product. */
export function agentDesk(options: DeskOptions): AgentDesk {
  const ask = (method: string, target: string, body?: unknown): Promise<HttpOutput> =>
    askFunction(options, method, target, body);
  return {
    async session(token) {
      const agent = TOKEN.exec(token)?.[1];
      if (agent === undefined || !AgentName.safeParse(agent).success) return undefined;
      const digest = createHash("sha256").update(token).digest("hex");
      const output = await ask("POST", "/v1/agents/sessions", { agent, digest });
      if (output.status === 401) return undefined;
      return Session.parse(outputOf(output));
    },
    async begin(call) {
      const answer = answerOf(await ask("POST", "/v1/agents/calls", call));
      return "problem" in answer ? answer : { output: Begun.parse(answer.output) };
    },
    async end({ call, ...ended }) {
      outputOf(await ask("POST", `/v1/agents/calls/${encodeURIComponent(call)}/end`, ended));
    },
    async approval(agent, id) {
      const target = `/v1/agents/approvals/${encodeURIComponent(id)}`;
      return answerOf(await ask("GET", `${target}?agent=${agent}`));
    },
  };
}

/** What a function answered over HTTP. */
export function answerOf(output: HttpOutput): Answer<unknown> {
  const text = bodyText(output);
  const json: unknown = text === "" ? undefined : JSON.parse(text);
  return output.status >= 200 && output.status < 300 ? { output: json } : { problem: json };
}

function outputOf(output: HttpOutput): unknown {
  const answer = answerOf(output);
  if ("output" in answer) return answer.output;
  throw new Fault(
    "unavailable",
    `gateway.agents: ${NAME} answered ${output.status}; look at its run and try again`,
    { origin: "platform" },
  );
}

async function askFunction(
  { fleet, functions, token }: DeskOptions,
  method: string,
  target: string,
  body: unknown,
): Promise<HttpOutput> {
  const fn = functions.find(({ name }) => name === NAME);
  if (fn === undefined) throw notBuilt();
  const [path = "", query = ""] = target.split("?");
  const input = {
    method,
    path,
    query,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: body === undefined ? "" : JSON.stringify(body),
    clientIp: undefined,
  };
  const reads = method === "GET";
  // Whether an agent may act is not a question of the tenant's budget; what it does is.
  return fleet.calls.call(fn, input, { repeatable: reads, keyed: false, reads, budgeted: false });
}

function notBuilt(): Fault {
  return new Fault(
    "not_found",
    `gateway.agents: this product was built without ${NAME}; build it anew`,
  );
}
