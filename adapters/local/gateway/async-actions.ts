import { randomUUID } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { toFault } from "#shared/errors";
import * as z from "zod";
import type { Engine } from "../engine/engine.ts";
import type { Fleet, FleetFunction } from "./fleet.ts";
import { toHttpInput } from "./serve-function.ts";

/** The engine's queue of actions that were accepted with `?mode=async`. */
export const ASYNC_QUEUE = "async-actions";

const Task = z.object({
  runId: z.string(),
  function: z.string(),
  path: z.string(),
  headers: z.record(z.string(), z.string()),
  bodyBase64: z.string(),
  runtime: z.string(),
});

/** Headers that mean something to the function; the rest belonged to the connection that is long closed. */
const KEPT = ["authorization", "content-type", "x-auterity-connection", "x-auterity-event"];

/** Answers 202 with the run's id once the action is durably queued. The run's id is its idempotency key. */
export async function acceptAsync(
  { fleet, engine }: { readonly fleet: Fleet; readonly engine: Engine },
  fn: FleetFunction,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const input = toHttpInput(request, true);
  const decision = fleet.decide(fn, input.headers["x-auterity-target"]);
  fleet.calls.checkBudget(fn);
  const runId = randomUUID();
  const headers: Record<string, string> = {
    "idempotency-key": input.headers["idempotency-key"] ?? runId,
  };
  for (const name of KEPT) {
    const value = input.headers[name];
    if (value !== undefined) headers[name] = value;
  }
  const task: z.infer<typeof Task> = {
    runId,
    function: fn.name,
    path: input.path,
    headers,
    bodyBase64: Buffer.from(input.body).toString("base64"),
    runtime: decision.runtime,
  };
  const message = { body: JSON.stringify(task), delaySeconds: 0 };
  const [sent] = await engine.queue(decision.runtime).send(ASYNC_QUEUE, [message], undefined);
  if (sent?.ok !== true) throw toFault(sent?.error, "unavailable", { origin: "platform" });
  return reply
    .code(202)
    .headers({ "x-auterity-run": runId, "x-auterity-runtime": decision.runtime })
    .send({ id: runId });
}

/** Runs one queued action. True when it is done; a host that is down or failing gets it again. */
export async function runAsync(
  fleet: Fleet,
  functions: readonly FleetFunction[],
  body: string,
): Promise<boolean> {
  const task = Task.parse(JSON.parse(body));
  const fn = functions.find(({ name }) => name === task.function);
  if (fn === undefined) return true;
  const input = {
    method: "POST",
    path: task.path,
    query: "",
    headers: task.headers,
    body: Buffer.from(task.bodyBase64, "base64"),
    clientIp: undefined,
  };
  const output = await fleet.http(fn, input, fleet.decide(fn, undefined, task.runtime), task.runId);
  return output.status < 500;
}
