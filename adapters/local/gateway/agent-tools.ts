import { mayBeListed, type ToolCall } from "#shared/agents";
import type { CatalogueEntry } from "#shared/console";
import { toFault } from "#shared/errors";
import type { HttpOutput } from "#shared/function";
import type { ToolOutcome, ToolTarget } from "#shared/mcp";
import type { Agent, AgentDesk } from "./agent-desk.ts";
import { answerOf } from "./agent-desk.ts";

/** How an agent learns what became of a write that waits: a tool beside those of the catalogue. */
const ownTools: CatalogueEntry = {
  id: "agent-tools",
  title: "Agent tools",
  summary: "What an agent needs beside the catalogue",
  category: "agents",
  docs: "https://modelcontextprotocol.io/specification/2025-11-25/server/tools",
  auth: { kind: "none", fields: [] },
  actions: [
    {
      id: "get-approval",
      summary: "Tell what became of a call that had to wait for approval, with its answer",
      docs: "A call that answers status pending runs once a person approved it; ask here with its approvalId",
      effect: "read",
      idempotency: null,
      scopes: [],
      input: {
        type: "object",
        properties: { id: { type: "string", description: "The approvalId of the pending answer" } },
        required: ["id"],
        additionalProperties: false,
      },
      output: { type: "object" },
    },
  ],
  events: [],
  limits: [],
};

/** What there is for agents: the catalogue, and the tools that only they have. */
export function withOwnTools(integrations: readonly CatalogueEntry[]): readonly CatalogueEntry[] {
  return [...integrations, ownTools];
}

/** The part of the catalogue that an agent is shown. */
export function catalogueOf(
  { policy }: Agent,
  integrations: readonly CatalogueEntry[],
): readonly CatalogueEntry[] {
  const shown = integrations.map((entry) => ({
    ...entry,
    actions: entry.actions.filter(({ id, effect }) =>
      mayBeListed(policy, { tool: `${entry.id}.${id}`, effect }),
    ),
  }));
  return withOwnTools(shown.filter(({ actions }) => actions.length > 0));
}

/** A call of an agent's, and how an action is run once nothing stands against it. */
export type AgentCall = ToolTarget & {
  readonly effect: ToolCall["effect"];
  readonly connection: string;
  readonly input: unknown;
  readonly run: () => Promise<HttpOutput>;
};

/** Makes an agent's call: judged and written down before, written down after. */
export async function callAsAgent(
  desk: AgentDesk,
  { agent }: Agent,
  { integration, action, effect, connection, input, run }: AgentCall,
): Promise<ToolOutcome> {
  if (integration === ownTools.id) return desk.approval(agent, idOf(input));
  const tool = `${integration}.${action}`;
  const kept = effect === "write" ? { input } : {};
  const begun = await desk.begin({ agent, tool, effect, connection, ...kept });
  if ("problem" in begun) return begun;
  if (begun.output.verdict === "pending") {
    const { id } = begun.output.approval;
    return { output: { status: "pending", approvalId: id, next: NEXT } };
  }
  const { call } = begun.output;
  try {
    const output = await run();
    const answer = answerOf(output);
    const isOk = "output" in answer;
    const { headers } = output;
    await desk.end({
      agent,
      call,
      outcome: isOk ? "ok" : "failed",
      code: isOk ? null : codeOf(answer.problem),
      run: headers["x-auterity-run"] ?? null,
      costUsd: Number(headers["x-auterity-cost-usd"] ?? 0),
    });
    return answer;
  } catch (thrown) {
    await desk.end({ agent, call, outcome: "failed", code: toFault(thrown).code, ...UNKNOWN });
    throw thrown;
  }
}

/** Of a call that came to no run, or to none that answered. */
const UNKNOWN = { run: null, costUsd: null };
const NEXT = "a person has to approve this call; agent-tools__get-approval tells what became of it";

function idOf(input: unknown): string {
  const isObject = typeof input === "object" && input !== null && "id" in input;
  if (isObject && typeof input.id === "string" && input.id !== "") return input.id;
  // No approval is called so.
  return "none";
}

function codeOf(problem: unknown): string | null {
  const hasCode = typeof problem === "object" && problem !== null && "code" in problem;
  return hasCode && typeof problem.code === "string" ? problem.code : null;
}
