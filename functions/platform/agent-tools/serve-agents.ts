import { AgentName, AgentPolicy, ToolName } from "#shared/agents";
import { Fault } from "#shared/errors";
import { bodyText, parseJson, type RawRequest, reply, type Reply } from "#shared/function";
import * as z from "zod";
import type { AgentContext } from "./agent-uses.ts";
import { decideApproval, listApprovals, showApproval } from "./approvals.ts";
import { listAudit } from "./audit.ts";
import { beginCall, endCall } from "./calls.ts";
import {
  givePermission,
  listPermissions,
  openSession,
  showPermission,
  takePermission,
} from "./permissions.ts";

const PermissionInput = AgentPolicy.extend({ rotateToken: z.boolean().default(false) });
const Session = z.strictObject({ agent: AgentName, digest: z.string().regex(/^[0-9a-f]{64}$/) });
const Call = z.strictObject({
  agent: AgentName,
  tool: ToolName,
  effect: z.enum(["read", "write"]),
  connection: z.string().min(1).max(63),
  input: z.unknown().optional(),
});
const End = z.strictObject({
  agent: AgentName,
  call: z.string().min(1).max(100),
  outcome: z.enum(["ok", "failed"]),
  code: z.string().max(40).nullable(),
  run: z.string().max(64).nullable(),
  costUsd: z.number().min(0).nullable(),
});
const Query = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().optional(),
});
const ApprovalQuery = z.strictObject({ agent: AgentName.optional() });
const Decision = z.enum(["approve", "refuse"]);

/** Answers `/v1/agents…` for the caller's tenant. An agent of the same name as the caller is none of its business. */
export async function serveAgents(ctx: AgentContext, request: RawRequest): Promise<Reply> {
  const [, , , area = ""] = request.path.split("/");
  switch (area) {
    case "permissions":
      return servePermissions(ctx, request);
    case "approvals":
      return serveApprovals(ctx, request);
    case "audit":
      return reply(200, await listAudit(ctx, agentOf(request), query(Query, request)));
    case "sessions":
      return reply(200, await openSession(ctx, body(Session, request)));
    default:
      return serveCalls(ctx, request);
  }
}

async function servePermissions(ctx: AgentContext, request: RawRequest): Promise<Reply> {
  if (request.params["agent"] === undefined) {
    return reply(200, { items: await listPermissions(ctx) });
  }
  const agent = agentOf(request);
  if (request.method === "PUT") {
    return reply(200, await givePermission(ctx, agent, body(PermissionInput, request)));
  }
  if (request.method !== "DELETE") return reply(200, await showPermission(ctx, agent));
  await takePermission(ctx, agent);
  return reply(204);
}

async function serveApprovals(ctx: AgentContext, request: RawRequest): Promise<Reply> {
  const { approval, decision } = request.params;
  if (approval === undefined) return reply(200, await listApprovals(ctx, query(Query, request)));
  if (decision === undefined) {
    const { agent } = query(ApprovalQuery, request);
    return reply(200, await showApproval(ctx, approval, agent));
  }
  const decided = check(Decision, decision, "decision") === "approve" ? "approved" : "refused";
  return reply(200, await decideApproval(ctx, approval, decided));
}

async function serveCalls(ctx: AgentContext, request: RawRequest): Promise<Reply> {
  if (!request.path.endsWith("/end")) return reply(200, await beginCall(ctx, body(Call, request)));
  const { agent, call, ...ended } = body(End, request);
  await endCall(ctx, { agent, call }, ended);
  return reply(204);
}

function agentOf({ params }: RawRequest): string {
  return check(AgentName, params["agent"], "agent");
}

function query<S extends z.ZodType>(schema: S, request: RawRequest): z.output<S> {
  return check(schema, Object.fromEntries(new URLSearchParams(request.query)), "query");
}

function body<S extends z.ZodType>(schema: S, request: RawRequest): z.output<S> {
  return check(schema, parseJson(bodyText(request) || "{}", { name: "agents.body" }), "body");
}

function check<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join(".") || what;
  throw new Fault(
    "invalid_argument",
    `agents.input: "${field}" ${issue?.message ?? "does not fit"}; correct it`,
    { origin: "caller", details: { field } },
  );
}
