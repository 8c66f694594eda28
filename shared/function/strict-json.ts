import { Fault } from "#shared/errors";
import type * as z from "zod";

export type JsonLimits = {
  /** What is read, for the message: `http.body`. */
  readonly name: string;
  readonly maxDepth?: number;
};

/**
 * Reads JSON that a stranger wrote. Beside what `JSON.parse` refuses it throws `invalid_argument` from `caller` for
 * nesting deeper than `maxDepth` (64), for a name given twice in one object (two readers may see two values), and for
 * `__proto__` as a name, however it is escaped.
 */
export function parseJson(text: string, limits: JsonLimits): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse(limits, "is not JSON; send a JSON document");
  }
  const problem = findProblem(text, limits.maxDepth ?? MAX_DEPTH);
  if (problem !== undefined) throw refuse(limits, problem);
  return value;
}

/** A value as its receiver will read it, or what is wrong with it and what to do. */
export type SentJson =
  | { readonly ok: true; readonly json: z.core.util.JSONType }
  | { readonly ok: false; readonly problem: string };

/**
 * Judges, before it is sent, what the receiver of a value will read of it: a Date or a class changes on the way, so the
 * schema sees the JSON and not the object in hand. What {@link parseJson} would refuse there is refused here. `name` is
 * the value's own, for the message; one level of nesting is kept for the envelope around it.
 */
export function sentJson(value: unknown, schema: z.ZodType, name: string): SentJson {
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined)
    return { ok: false, problem: `${name} is nothing JSON carries; send data` };
  const problem = findProblem(text, MAX_DEPTH - 1);
  if (problem !== undefined) return { ok: false, problem: `${name} ${problem}` };
  const json: z.core.util.JSONType = JSON.parse(text);
  const parsed = schema.safeParse(json);
  if (parsed.success) return { ok: true, json };
  const field = parsed.error.issues[0]?.path.join(".") || name;
  return { ok: false, problem: `${field} does not fit the schema; correct it` };
}

const MAX_DEPTH = 64;
const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/** One pass over text that is known to be JSON, so that only strings and brackets matter. */
function findProblem(text: string, maxDepth: number): string | undefined {
  // Per open bracket the names seen; a list has none, so its set stays empty.
  const open: Set<string>[] = [];
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index);
    if (character === QUOTE) {
      const end = endOfString(text, index);
      if (isName(text, end)) {
        const name = nameAt(text, index, end);
        const names = open.at(-1);
        if (name === "__proto__") return "has a member named __proto__; rename it";
        if (names?.has(name) === true) return "names a member twice; send it once";
        names?.add(name);
      }
      index = end;
    } else if (character === 0x7b || character === 0x5b) {
      if (open.length === maxDepth) return `is nested deeper than ${maxDepth} levels; flatten it`;
      open.push(new Set());
    } else if (character === 0x7d || character === 0x5d) open.pop();
  }
  return undefined;
}

function endOfString(text: string, start: number): number {
  for (let index = start + 1; ; index++) {
    const character = text.charCodeAt(index);
    if (character === QUOTE) return index;
    if (character === BACKSLASH) index++;
  }
}

function isName(text: string, end: number): boolean {
  let index = end + 1;
  while (text.charCodeAt(index) <= 0x20) index++;
  return text.charCodeAt(index) === COLON;
}

function nameAt(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end);
  return raw.includes("\\") ? String(JSON.parse(`"${raw}"`)) : raw;
}

function refuse({ name }: JsonLimits, what: string): Fault {
  return new Fault("invalid_argument", `${name}: ${what}`, { origin: "caller" });
}
