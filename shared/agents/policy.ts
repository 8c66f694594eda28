import * as z from "zod";

/** What an agent may be called: it is part of its token and of the keys its rows lie under. */
export const AgentName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, "must be 1 to 63 of a-z, 0-9 and inner hyphens");

/** An action by its exact id: `slack.post-message`. */
export const ToolName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/, "must be integration.action");

const ToolPattern = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]*\.(?:\*|[a-z][a-z0-9-]*)$/,
    "must be integration.action or integration.*",
  );

const MAX_PATTERNS = 200;

/** What one agent may do. What is not in it is denied, and what it leaves out is the careful choice. */
export const AgentPolicy = z.strictObject({
  /** Actions by exact id, or all of an integration as `slack.*`. */
  tools: z.array(ToolPattern).min(1).max(MAX_PATTERNS),
  /** Whether writes are denied, whatever `tools` grants. */
  readOnly: z.boolean().default(true),
  /** Writes among these wait until a person has approved them. */
  approve: z.array(ToolPattern).max(MAX_PATTERNS).default([]),
  /** The connections it may name. */
  connections: z.array(z.string().min(1).max(63)).min(1).max(MAX_PATTERNS).default(["default"]),
  /** Calls a day (UTC) that ran or wait for approval. */
  callsPerDay: z.int().min(1).max(1_000_000).default(1_000),
});
export type AgentPolicy = z.infer<typeof AgentPolicy>;

/** What is judged about a tool. */
export type ToolCall = {
  /** `<integration>.<action>`. */
  readonly tool: string;
  readonly effect: "read" | "write";
};

/** What is judged about a call beside its tool. */
export type Judged = ToolCall & {
  readonly connection: string;
  /** Calls of this day before this one. */
  readonly callsToday: number;
};

export type Verdict =
  | { readonly kind: "run" }
  | { readonly kind: "ask" }
  | {
      readonly kind: "deny";
      readonly reason: "not-granted" | "read-only" | "connection" | "calls-used-up";
    };

/** Whether a call runs, waits for a person, or is denied, and then why. */
export function judge(policy: AgentPolicy, call: Judged): Verdict {
  if (!covers(policy.tools, call.tool)) return { kind: "deny", reason: "not-granted" };
  if (call.effect === "write" && policy.readOnly) return { kind: "deny", reason: "read-only" };
  if (!policy.connections.includes(call.connection)) return { kind: "deny", reason: "connection" };
  if (call.callsToday >= policy.callsPerDay) return { kind: "deny", reason: "calls-used-up" };
  const asks = call.effect === "write" && covers(policy.approve, call.tool);
  return { kind: asks ? "ask" : "run" };
}

/** Whether an agent is shown a tool: exactly those that some call of its would be let through to. */
export function mayBeListed(policy: AgentPolicy, tool: ToolCall): boolean {
  const [connection = ""] = policy.connections;
  return judge(policy, { ...tool, connection, callsToday: 0 }).kind !== "deny";
}

function covers(patterns: readonly string[], tool: string): boolean {
  const [integration = ""] = tool.split(".");
  return patterns.includes(tool) || patterns.includes(`${integration}.*`);
}
