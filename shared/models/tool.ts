import { Fault, toFault } from "#shared/errors";
import type * as z from "zod";
import type { ToolCall, ToolResult, ToolSpec } from "./driver.ts";
import { toJsonSchema } from "./json-schema.ts";

/** Something a model may ask for, and how it is done; made by {@link tool}. */
export type Tool = {
  readonly description: string;
  readonly input: z.ZodType;
  /** Checks a model's input and does the work. */
  readonly call: (input: string) => Promise<ToolOutcome>;
};

/** What a model is told: the outcome, or what was wrong with what it asked for. */
export type ToolOutcome = Pick<ToolResult, "text" | "isError">;

/**
 * A tool that runs with input of this schema. What `run` gives goes to the model as JSON, text as it is. When it throws,
 * so does the chat: only a model's own mistakes are told to the model.
 */
export function tool<I extends z.ZodType>(spec: {
  readonly description: string;
  readonly input: I;
  readonly run: (input: z.output<I>) => Promise<unknown>;
}): Tool {
  const { description, input, run } = spec;
  return {
    description,
    input,
    async call(text) {
      const parsed = input.safeParse(parseJson(text === "" ? "{}" : text));
      if (!parsed.success)
        return { text: `invalid input: ${placesOf(parsed.error)}`, isError: true };
      const result = await run(parsed.data);
      return {
        text: typeof result === "string" ? result : (JSON.stringify(result) ?? "null"),
        isError: false,
      };
    },
  };
}

export type Tools = Readonly<Record<string, Tool>>;

// The narrowest of the vendors': https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolSpecification.html
const NAME = /^[a-zA-Z][a-zA-Z0-9_]{0,63}$/;

/** Tools as a model is told of them. Throws `invalid_argument` for a name that not every vendor takes. */
export function specsOf(tools: Tools): ToolSpec[] {
  return Object.entries(tools).map(([name, { description, input }]) => {
    if (!NAME.test(name)) {
      throw new Fault(
        "invalid_argument",
        `models.chat: "${name}" is no portable name of a tool; use up to 64 letters, digits and underscores`,
      );
    }
    return { name, description, input: toJsonSchema(input, name) };
  });
}

/** Does what a model asked for, one call after the other; each call has exactly one result. */
export async function runTools(
  tools: Tools,
  calls: readonly ToolCall[],
  signal: AbortSignal,
): Promise<ToolResult[]> {
  const results: ToolResult[] = [];
  for (const { id, name, input } of calls) {
    if (signal.aborted) throw toFault(signal.reason, "cancelled");
    const known = Object.hasOwn(tools, name) ? tools[name] : undefined;
    const outcome = (await known?.call(input)) ?? { text: "there is no such tool", isError: true };
    results.push({ id, name, ...outcome });
  }
  return results;
}

/** JSON of a model, which may be none; `undefined` then. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Where a value does not fit, for the model that wrote it: names of fields and of rules, no content. */
export function placesOf(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map(({ path, code }) => `${path.join(".") || "the whole"} (${code})`)
    .join(", ");
}
