import type { FunctionDefinition, ResourceDefinition } from "#shared/function";
import { needsOf } from "../pipeline-uses.ts";
import { MAX_VALUE_BYTES } from "#shared/state";
import { cloudsOf, type Finding, type LintInput } from "./finding.ts";
import { BYTES_PER_UNIT, schemaSize } from "./schema-size.ts";

/** What the envelope adds to a message's body: ids, trace context and member names, generously. */
const ENVELOPE_BYTES = 1_024;

/** Rows that no store of the three would take whole. */
export function rowSizes({ functions }: LintInput): Finding[] {
  return resources(functions, "state").flatMap(({ definition: { name, schema } }): Finding[] => {
    const sizeOf = (perUnit: number) => schemaSize(schema, { io: "output", perUnit }).bytes;
    const subject = { kind: "state", name } as const;
    const text = sizeOf(BYTES_PER_UNIT.text);
    const wayOut =
      "declare smaller maxima in the schema, or keep the large part in a bucket and its key here";
    if (text > MAX_VALUE_BYTES) {
      const message = `its schema allows rows of ${kb(text)} and stores take ${kb(MAX_VALUE_BYTES)}; ${wayOut}`;
      return [{ severity: "error", rule: "row-size", subject, message }];
    }
    const escaped = sizeOf(BYTES_PER_UNIT.escapes);
    if (escaped <= MAX_VALUE_BYTES) return [];
    const message = `rows full of control characters would take ${kb(escaped)} and be refused at ${kb(MAX_VALUE_BYTES)}; ${wayOut}`;
    return [{ severity: "note", rule: "row-size", subject, message }];
  });
}

/** Messages that some broker does not take whole: they travel by claim check there, at the price of a blob each. */
export function messageSizes(input: LintInput): Finding[] {
  return resources(input.functions, "queue").flatMap(({ definition, users }): Finding[] => {
    const { name, schema } = definition;
    const { bytes } = schemaSize(schema, { io: "input", perUnit: BYTES_PER_UNIT.text });
    const clouds = [...new Set(users.flatMap((user) => cloudsOf(input, user)))];
    const small = clouds.filter(({ limits }) => bytes + ENVELOPE_BYTES > limits.maxMessageBytes);
    if (small.length === 0) return [];
    const brokers = small.map(({ target, limits }) => `${target} (${kb(limits.maxMessageBytes)})`);
    return [
      {
        severity: "note",
        rule: "message-size",
        subject: { kind: "queue", name },
        message: `messages of up to ${kb(bytes)} travel by claim check on ${brokers.join(", ")}; declare smaller maxima if that is too slow`,
      },
    ];
  });
}

type Used<K extends ResourceDefinition["kind"]> = {
  readonly definition: Extract<ResourceDefinition, { kind: K }>;
  readonly users: readonly FunctionDefinition[];
};

/** Every resource of a kind that functions use or are triggered by, once per definition. */
function resources<K extends "state" | "queue">(
  functions: readonly FunctionDefinition[],
  kind: K,
): Used<K>[] {
  const used = new Map<Used<K>["definition"], FunctionDefinition[]>();
  for (const user of functions) {
    const declared = needsOf(user).map((need) => need.definition);
    if (user.trigger.kind === "queue") declared.push(user.trigger.queue);
    for (const definition of new Set(declared)) {
      if (!isOf(definition, kind)) continue;
      used.set(definition, [...(used.get(definition) ?? []), user]);
    }
  }
  return [...used].map(([definition, users]) => ({ definition, users }));
}

function isOf<K extends ResourceDefinition["kind"]>(
  definition: ResourceDefinition | undefined,
  kind: K,
): definition is Extract<ResourceDefinition, { kind: K }> {
  return definition?.kind === kind;
}

function kb(bytes: number): string {
  return `${Math.ceil(bytes / 1024)} KB`;
}
