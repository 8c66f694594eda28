import { Fault } from "#shared/errors";
import type * as z from "zod";
import type { Api } from "./api/call.ts";

/**
 * How a write stays one write when it is sent twice. `header` and `field` carry a key that the vendor honours, `natural`
 * writes have no second effect: both are repeated after a failure. `none` says why there is nothing, and is never
 * repeated once it was sent.
 */
export type WriteIdempotency =
  | { readonly kind: "header"; readonly header: string }
  | { readonly kind: "field"; readonly field: string }
  | { readonly kind: "natural"; readonly why: string }
  | { readonly kind: "none"; readonly why: string };

type Described<I extends z.ZodType, O extends z.ZodType> = {
  readonly summary: string;
  /** The vendor's page of what is called. */
  readonly docs: `https://${string}`;
  /** Permissions the credential needs, in the vendor's words. */
  readonly scopes: readonly string[];
  readonly input: I;
  readonly output: O;
};

type Effect =
  | { readonly effect: "read"; readonly idempotency?: never }
  | { readonly effect: "write"; readonly idempotency: WriteIdempotency };

/** A read, or a write that says how it is kept to one effect: leaving that out does not compile. */
export type ActionSpec<I extends z.ZodType, O extends z.ZodType> = Described<I, O> &
  Effect & { readonly run: (api: Api, input: z.output<I>) => Promise<z.input<O>> };

/** An action that tells what it has while it runs: chunks, and in the end the output that says it all. */
export type StreamSpec<I extends z.ZodType, C extends z.ZodType, O extends z.ZodType> = Described<
  I,
  O
> &
  Effect & {
    readonly chunk: C;
    readonly stream: (
      api: Api,
      input: z.output<I>,
    ) => AsyncGenerator<z.input<C>, z.input<O>, undefined>;
  };

/** A declared action: data, and the one way to run it. */
export type Action = {
  readonly summary: string;
  readonly docs: `https://${string}`;
  readonly scopes: readonly string[];
  readonly effect: "read" | "write";
  /** `undefined` for reads. */
  readonly idempotency: WriteIdempotency | undefined;
  readonly input: z.ZodType;
  readonly output: z.ZodType;
  /** What the parts of a streamed answer are like; `undefined` for an action that answers at once. */
  readonly chunk: z.ZodType | undefined;
  /** Checks raw input. Throws `invalid_argument` from `caller`, naming the first field that does not fit. */
  prepare(raw: unknown): PreparedAction;
};

/** Input that passed the schema. */
export type PreparedAction = {
  /** Calls the vendor and gives checked output. */
  readonly run: (api: Api) => Promise<unknown>;
  /** Gives checked chunks as they come and returns the checked output; `undefined` for an action without chunks. */
  readonly stream: ((api: Api) => Parts) | undefined;
};

/** Chunks, and in the end the output. */
export type Parts = AsyncGenerator<unknown, unknown, undefined>;

/** Declares one action of an integration. Pure data. */
export function defineAction<I extends z.ZodType, O extends z.ZodType>(
  spec: ActionSpec<I, O>,
): Action {
  return declare(spec, undefined, (input) => ({
    run: async (api) => check(spec.output, await spec.run(api, input), "output"),
    stream: undefined,
  }));
}

/** Declares an action whose answer comes in chunks. Who does not ask for a stream gets the output alone. Pure data. */
export function defineStream<I extends z.ZodType, C extends z.ZodType, O extends z.ZodType>(
  spec: StreamSpec<I, C, O>,
): Action {
  return declare(spec, spec.chunk, (input) => {
    const stream = (api: Api): Parts => checked(spec.stream(api, input), spec);
    return { stream, run: (api) => lastOf(stream(api)) };
  });
}

function declare<I extends z.ZodType, O extends z.ZodType>(
  spec: Described<I, O> & Effect,
  chunk: z.ZodType | undefined,
  start: (input: z.output<I>) => PreparedAction,
): Action {
  const { summary, docs, scopes, effect, idempotency, input, output } = spec;
  return {
    summary,
    docs,
    scopes,
    effect,
    idempotency,
    input,
    output,
    chunk,
    prepare(raw) {
      const parsed = input.safeParse(raw);
      if (parsed.success) return start(parsed.data);
      throw invalidInput(parsed.error);
    },
  };
}

async function* checked(
  parts: Parts,
  { chunk, output }: { readonly chunk: z.ZodType; readonly output: z.ZodType },
): Parts {
  try {
    for (;;) {
      const part = await parts.next();
      if (part.done === true) return check(output, part.value, "output");
      yield check(chunk, part.value, "chunk");
    }
  } finally {
    await parts.return(undefined);
  }
}

async function lastOf(parts: Parts): Promise<unknown> {
  for (;;) {
    const part = await parts.next();
    if (part.done === true) return part.value;
  }
}

function check(schema: z.ZodType, value: unknown, what: string): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Fault("internal", `integration.action: ${firstIssue(result.error)} of the ${what}`);
}

function invalidInput(error: z.ZodError): Fault {
  return new Fault(
    "invalid_argument",
    `integration.action: ${firstIssue(error)}; correct the input`,
    {
      origin: "caller",
      details: { field: fieldOf(error), issues: error.issues.length },
    },
  );
}

function firstIssue(error: z.ZodError): string {
  return `${fieldOf(error)}: ${error.issues[0]?.message ?? "does not fit"}`;
}

function fieldOf(error: z.ZodError): string {
  return error.issues[0]?.path.join(".") || "input";
}
