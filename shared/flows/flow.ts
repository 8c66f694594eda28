import { Fault, toFault } from "#shared/errors";
import {
  bodyText,
  type Context,
  defineFunction,
  type FunctionDefinition,
  type Grant,
  httpTrigger,
  type Limits,
  parseJson,
  type RawRequest,
  reply,
  type Reply,
  type Uses,
} from "#shared/function";
import type { TopicPublisher } from "#shared/topic";
import * as z from "zod";
import { flowEvents } from "./flow-events.ts";
import { FlowText } from "./flow-text.ts";

/** A flow of Genkit's kind: a typed step with a model in it, which tells what it has while it runs. */
export type FlowSpec<
  I extends z.ZodType,
  O extends z.ZodType,
  C extends z.ZodType,
  U extends Uses,
> = {
  /** kebab-case; the function's name and the last part of its path. */
  readonly name: string;
  readonly summary: string;
  readonly input: I;
  readonly output: O;
  /** What `send` takes; nothing may be sent where it is left out. */
  readonly chunk?: C;
  readonly uses: U;
  readonly limits?: Partial<Limits>;
  readonly run: (
    ctx: Context<U>,
    input: z.output<I>,
    send: (chunk: z.input<C>) => void,
  ) => Promise<z.input<O>>;
};

type Published = {
  readonly flowEvents: Grant<Pick<TopicPublisher<typeof flowEvents.events>, "publish">>;
};

/**
 * Declares a flow as a function of this suite, for all clouds: `POST /v1/flows/<name>` with `{ data }` gives `{ result }`,
 * or blocks of `{ message }` and `{ result }` to who accepts `text/event-stream`, so that Genkit's clients call it
 * (https://genkit.dev/docs/client). Chunks are collected, as no host passes an answer on in parts. When it has finished,
 * well or not, `flow.finished` is published. Throws `invalid_argument` as {@link defineFunction} does.
 */
export function flow<
  I extends z.ZodType,
  O extends z.ZodType,
  C extends z.ZodType = z.ZodNever,
  const U extends Uses = Record<never, never>,
>(spec: FlowSpec<I, O, C, U>): FunctionDefinition {
  const { name, summary, input, output, limits, uses } = spec;
  const definition = defineFunction({
    name,
    summary,
    trigger: { ...httpTrigger("POST", `/v1/flows/${name}`), raw: true },
    input: z.object({ data: input }),
    output: z.object({ result: output }),
    uses: {},
    limits: limits ?? {},
    handler: () => Promise.reject(new Fault("internal", "flow.run: replaced below")),
  });
  const granted: U & Published = { ...uses, flowEvents: flowEvents.grant("publish") };
  return {
    ...definition,
    uses: granted,
    prepare: (raw) => ({
      idempotencyKey: undefined,
      run: (ctx) =>
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the host adds the granted clients to the base
        serve(spec, ctx as Context<U> & Context<Published>, Request.parse(raw)),
    }),
  };
}

const Request = z.custom<RawRequest>((value) => typeof value === "object" && value !== null);
const Called = z.object({ data: z.unknown() });

async function serve<I extends z.ZodType, O extends z.ZodType, C extends z.ZodType, U extends Uses>(
  spec: FlowSpec<I, O, C, U>,
  ctx: Context<U> & Context<Published>,
  request: RawRequest,
): Promise<Reply> {
  const input = readInput(spec.input, request);
  const text = new FlowText();
  const startMs = ctx.clock.now();
  const finish = (fault?: Fault): Promise<void> =>
    tell(ctx, { flow: spec.name, chunks: text.chunks, tookMs: ctx.clock.now() - startMs }, fault);
  const headers = { "x-genkit-trace-id": ctx.trace.traceId };
  try {
    const given = await spec.run(ctx, input, (chunk) => text.send(checkChunk(spec.chunk, chunk)));
    const result = check(spec.output, given, "result");
    await finish();
    if (!isStreamed(request)) return reply(200, { result }, headers);
    return reply(200, text.finished(result), { ...headers, ...eventStream });
  } catch (thrown) {
    const fault = toFault(thrown);
    await finish(fault);
    if (!isStreamed(request) || text.chunks === 0) throw fault;
    return reply(200, text.brokenOff(fault, ctx.id), { ...headers, ...eventStream });
  }
}

const eventStream = { "content-type": "text/event-stream" };

function isStreamed({ headers, query }: RawRequest): boolean {
  return (
    (headers["accept"] ?? "").toLowerCase().includes("text/event-stream") ||
    new URLSearchParams(query).get("stream") === "true"
  );
}

function readInput<I extends z.ZodType>(schema: I, request: RawRequest): z.output<I> {
  const called = Called.safeParse(parseJson(bodyText(request) || "{}", { name: "flow.input" }));
  const parsed = schema.safeParse(called.data?.data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = ["data", ...(issue?.path ?? [])].join(".");
  throw new Fault(
    "invalid_argument",
    `flow.input: ${field}: ${issue?.message ?? "does not fit"}; correct the input`,
    { origin: "caller", details: { field } },
  );
}

function checkChunk(schema: z.ZodType | undefined, chunk: unknown): unknown {
  return check(schema ?? z.never(), chunk, "chunk");
}

function check(schema: z.ZodType, value: unknown, what: string): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = [what, ...(issue?.path ?? [])].join(".");
  throw new Fault("internal", `flow.${what}: ${field}: ${issue?.message ?? "does not fit"}`);
}

/** A flow that nobody is told of has finished nevertheless. */
async function tell(
  ctx: Context<Published>,
  about: { readonly flow: string; readonly chunks: number; readonly tookMs: number },
  fault: Fault | undefined,
): Promise<void> {
  const outcome = fault === undefined ? "succeeded" : "failed";
  const { traceId } = ctx.trace;
  const event = { ...about, run: ctx.id, outcome, code: fault?.code, traceId } as const;
  try {
    await ctx.flowEvents.publish("flow.finished", event);
  } catch (error) {
    ctx.log.warn("the end of a flow was not published", { code: toFault(error).code });
  }
}
