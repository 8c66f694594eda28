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

type Serve = (ctx: AgentContext, request: RawRequest, name: string) => Promise<unknown>;

/** What is served, by method and shape of the path; what gives nothing is answered 204. */
const served = new Map<string, Serve>([
  ["GET permissions", async (ctx) => ({ items: await listPermissions(ctx) })],
  ["GET permissions/:name", async (ctx, _request, name) => showPermission(ctx, agentOf(name))],
  [
    "PUT permissions/:name",
    async (ctx, request, name) =>
      givePermission(ctx, agentOf(name), body(PermissionInput, request)),
  ],
  ["DELETE permissions/:name", async (ctx, _request, name) => takePermission(ctx, agentOf(name))],
  ["GET approvals", async (ctx, request) => listApprovals(ctx, query(Query, request))],
  [
    "GET approvals/:name",
    async (ctx, request, name) => showApproval(ctx, name, query(ApprovalQuery, request).agent),
  ],
  ["POST approvals/:name/approve", (ctx, _request, name) => decideApproval(ctx, name, "approved")],
  ["POST approvals/:name/refuse", (ctx, _request, name) => decideApproval(ctx, name, "refused")],
  [
    "GET audit/:name",
    async (ctx, request, name) => listAudit(ctx, agentOf(name), query(Query, request)),
  ],
  // What the gateway asks on an agent's behalf.
  ["POST sessions", async (ctx, request) => openSession(ctx, body(Session, request))],
  ["POST calls", async (ctx, request) => beginCall(ctx, body(Call, request))],
  [
    "POST calls/:name/end",
    async (ctx, request, call) => {
      const { agent, ...ended } = body(End, request);
      return endCall(ctx, { agent, call }, ended);
    },
  ],
]);

/** Answers `/v1/agents…` for the caller's tenant. */
export async function serveAgents(ctx: AgentContext, request: RawRequest): Promise<Reply> {
  const { area = "", name, operation } = request.params;
  const shape = [area, ...(name === undefined ? [] : [":name"]), operation ?? []].flat().join("/");
  const serve = served.get(`${request.method} ${shape}`);
  if (serve === undefined) throw noSuchPath();
  const answer = await serve(ctx, request, name ?? "");
  return answer === undefined ? reply(204) : reply(200, answer);
}

function agentOf(name: string): string {
  return check(AgentName, name, "agent");
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

function noSuchPath(): Fault {
  return new Fault(
    "not_found",
    "agents.serve: there is no such path; there are permissions, approvals and audit",
    { origin: "caller" },
  );
}
