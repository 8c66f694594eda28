import { Fault, problemHeaders, safeReason, toFault, toProblem } from "#shared/errors";
import { type HttpInput, type HttpOutput, isReply, reply, type Use } from "#shared/function";
import { bearerToken, type Identity } from "#shared/identity";
import { costUsd } from "#shared/routing";
import type { Binding } from "./bind.ts";
import type { InvocationMeta } from "./codecs.ts";
import type { Invocation, InvocationInit } from "./invocation.ts";
import { runOnce } from "./once.ts";
import { readInput } from "./read-input.ts";
import { metering } from "./report-use.ts";
import { compileRoutes, type RouteMatch } from "./router.ts";

/** 6 MB on Lambda less base64's third (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
export const MAX_HTTP_BODY_BYTES = 4_500_000;

const RUN_ID = /^[A-Za-z0-9_-]{8,64}$/;

/** An answer whose headers nobody else holds, so that the receipt can be added in place. */
type Draft = HttpOutput & { readonly headers: Record<string, string> };

/** The HTTP half of a bound function. */
export function createHttpService(
  binding: Binding,
): (input: HttpInput, meta: InvocationMeta) => Promise<HttpOutput> {
  const { definition, ports } = binding;
  const { trigger } = definition;
  const match = compileRoutes(trigger.kind === "http" ? trigger.routes : []);
  return (input, meta) => {
    const startMs = ports.clock.now();
    const run = input.headers["x-auterity-run"];
    const id = run !== undefined && RUN_ID.test(run) ? run : meta.id;
    let used: readonly Use[] = [];
    const finished = (draft: Draft): HttpOutput | Promise<HttpOutput> => {
      const output = finish(binding, input, draft, id, startMs);
      const load = binding.price?.loadOperations;
      if (used.length === 0 || load === undefined) return output;
      return metering()
        .then(({ withUse }) => withUse(output, used, load))
        .catch(() => output);
    };
    const answer = (result: unknown): HttpOutput | Promise<HttpOutput> => {
      try {
        return finished(toDraft(result));
      } catch (thrown) {
        return fail(thrown);
      }
    };
    const fail = (thrown: unknown): HttpOutput | Promise<HttpOutput> =>
      finished(problem(binding, input, id, thrown));
    try {
      const { route, params } = match(input.method, input.path);
      if (input.body.length > MAX_HTTP_BODY_BYTES) throw bodyTooLarge(input.body.length);
      const admit = (identity?: Identity): Promise<unknown> => {
        const invocation = binding.invoke(describe(input, id, identity, meta));
        ({ used } = invocation);
        return handle(binding, input, params, invocation);
      };
      const handled = route.auth === "public" ? admit() : authenticate(binding, input).then(admit);
      return handled.then(answer, fail);
    } catch (thrown) {
      return Promise.resolve(fail(thrown));
    }
  };
}

function describe(
  { headers }: HttpInput,
  id: string,
  identity: Identity | undefined,
  { remainingMs }: InvocationMeta,
): InvocationInit {
  return {
    id,
    tenant: identity?.tenant ?? "default",
    subject: identity?.subject,
    traceparent: headers["traceparent"],
    // A stranger may not put its call into the history of an event.
    event: identity === undefined ? undefined : headers["x-auterity-event"],
    remainingMs,
  };
}

function handle(
  { definition, ports }: Binding,
  input: HttpInput,
  params: RouteMatch["params"],
  invocation: Invocation,
): Promise<unknown> {
  const raw = definition.trigger.kind === "http" && definition.trigger.raw;
  const prepared = definition.prepare(
    raw ? { ...input, params } : readInput(input, params),
    (parsed) => parsed,
  );
  const { idempotencyKey } = prepared;
  if (idempotencyKey === undefined) return invocation.run((ctx) => prepared.run(ctx));
  return invocation.run((ctx) =>
    runOnce(ports, ctx, definition, idempotencyKey, () => prepared.run(ctx)),
  );
}

async function authenticate({ ports }: Binding, input: HttpInput): Promise<Identity> {
  const token = bearerToken(input.headers);
  const identity = token === undefined ? undefined : await ports.identity.identify(token);
  if (identity === undefined) {
    throw new Fault(
      "unauthenticated",
      "http.identity: no valid bearer token came with the call; send `authorization: Bearer <token>`",
      { origin: "caller" },
    );
  }
  return identity;
}

function toDraft(result: unknown): Draft {
  const answer = isReply(result) ? result : reply(result === undefined ? 204 : 200, result);
  const { status, body, headers, cookies } = answer;
  if (body === undefined) return { status, headers: { ...headers }, cookies, body: "" };
  if (typeof body === "string" || body instanceof Uint8Array) {
    return { status, headers: { ...headers }, cookies, body };
  }
  const json = { "content-type": "application/json", ...headers };
  return { status, headers: json, cookies, body: JSON.stringify(body) };
}

function problem(binding: Binding, input: HttpInput, id: string, thrown: unknown): Draft {
  const fault = toFault(thrown);
  if (fault.origin !== "caller") {
    const { log } = binding.invoke(describe(input, id, undefined, { id, remainingMs: () => 0 }));
    log.error("request failed", { reason: safeReason(thrown), origin: fault.origin });
  }
  const body = toProblem(fault, id);
  return {
    status: body.status,
    headers: problemHeaders(fault),
    cookies: [],
    body: JSON.stringify(body),
  };
}

function finish(
  { runtime, ports, price, definition }: Binding,
  { method }: HttpInput,
  draft: Draft,
  id: string,
  startMs: number,
): HttpOutput {
  const { status, headers, cookies } = draft;
  headers["x-auterity-runtime"] = runtime;
  headers["x-auterity-run"] = id;
  if (price !== undefined) {
    const durationMs = ports.clock.now() - startMs;
    const cost = costUsd(price, { durationMs, memoryMb: definition.limits.memoryMb });
    const egressGb = Buffer.byteLength(draft.body) / 2 ** 30;
    headers["x-auterity-cost-usd"] = (cost + egressGb * price.usdPerEgressGb).toFixed(12);
  }
  const bodiless = method === "HEAD" || status === 204 || status === 304;
  return { status, headers, cookies, body: bodiless ? "" : draft.body };
}

function bodyTooLarge(sizeBytes: number): Fault {
  return new Fault(
    "too_large",
    `http.body: ${sizeBytes} bytes exceed ${MAX_HTTP_BODY_BYTES}, the most that all clouds carry; send less`,
    { origin: "caller", details: { sizeBytes, limitBytes: MAX_HTTP_BODY_BYTES } },
  );
}
