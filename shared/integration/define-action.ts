import { Fault } from "#shared/errors";
import type * as z from "zod";
import type { Api } from "./api.ts";

/**
 * How a write stays one write when it is sent twice. `header` and `field` carry a key that the vendor honours, so
 * such a write is repeated after a failure; `natural` writes have the same effect again; `none` says why there is
 * nothing, and is never repeated.
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
  readonly run: (api: Api, input: z.output<I>) => Promise<z.input<O>>;
};

/** A read, or a write that says how it is kept to one effect: leaving that out does not compile. */
export type ActionSpec<I extends z.ZodType, O extends z.ZodType> = Described<I, O> &
  (
    | { readonly effect: "read"; readonly idempotency?: never }
    | { readonly effect: "write"; readonly idempotency: WriteIdempotency }
  );

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
  /** Checks raw input. Throws `invalid_argument` from `caller`, naming the first field that does not fit. */
  prepare(raw: unknown): PreparedAction;
};

/** Input that passed the schema. */
export type PreparedAction = {
  /** Calls the vendor and gives checked output. */
  run(api: Api): Promise<unknown>;
};

/** Declares one action of an integration. Pure data. */
export function defineAction<I extends z.ZodType, O extends z.ZodType>(
  spec: ActionSpec<I, O>,
): Action {
  const { summary, docs, scopes, effect, input, output, run } = spec;
  return {
    summary,
    docs,
    scopes,
    effect,
    idempotency: spec.idempotency,
    input,
    output,
    prepare(raw) {
      const parsed = input.safeParse(raw);
      if (!parsed.success) throw invalidInput(parsed.error);
      return {
        async run(api) {
          const result = output.safeParse(await run(api, parsed.data));
          if (result.success) return result.data;
          throw new Fault(
            "internal",
            `integration.action: ${firstIssue(result.error)} of the output`,
          );
        },
      };
    },
  };
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
