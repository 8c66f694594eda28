import { type Code, Fault } from "#shared/errors";
import * as z from "zod";
import type { Api, ApiTarget } from "./call.ts";

export type GraphqlCall<O extends z.ZodType> = Omit<
  ApiTarget,
  "method" | "query" | "json" | "form" | "body"
> & {
  /** Fixed text; what varies goes into `variables`. */
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** The shape of `data`. */
  readonly response: O;
  /** The vendor's error codes by category; one that is not here is about the arguments. */
  readonly codes?: Readonly<Record<string, Code>>;
  /** Data that came with errors is taken; otherwise it is not. */
  readonly partial?: true;
};

const Answer = z.object({
  data: z.unknown(),
  errors: z
    .array(
      z.object({
        type: z.string().optional(),
        extensions: z
          .object({ code: z.string().optional(), type: z.string().optional() })
          .optional(),
      }),
    )
    .optional(),
});

/**
 * Asks a GraphQL endpoint (https://graphql.github.io/graphql-over-http/). Throws for `errors` in an answer, whatever its
 * status: a Fault from `upstream` with the vendor's code as its reason and nothing of its message, which may quote data.
 */
export async function graphql<O extends z.ZodType>(
  api: Api,
  call: GraphqlCall<O>,
): Promise<z.output<O>> {
  const { query, variables, response, codes = {}, partial, ...target } = call;
  const { errors = [], data } = await api.request({
    ...target,
    method: "POST",
    json: { query, ...(variables === undefined ? {} : { variables }) },
    response: Answer,
  });
  const [first] = errors;
  if (first !== undefined && (partial !== true || data === null)) {
    throw refused(first.extensions?.code ?? first.type ?? first.extensions?.type, codes);
  }
  const parsed = response.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new Fault("internal", "integration.graphql: the data has an unforeseen shape", {
    origin: "upstream",
    details: { field: parsed.error.issues[0]?.path.join(".") || "data" },
  });
}

function refused(name: string | undefined, codes: Readonly<Record<string, Code>>): Fault {
  const known = name !== undefined && Object.hasOwn(codes, name) ? codes[name] : undefined;
  const reason = name === undefined || !/^[\w.:/-]{1,80}$/.test(name) ? "no code" : name;
  return new Fault(
    known ?? "invalid_argument",
    `integration.graphql: the vendor refuses the query (${reason}); see its documentation`,
    { origin: "upstream", details: { reason } },
  );
}
