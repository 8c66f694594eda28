import * as z from "zod";
import type { JsonSchema } from "../driver.ts";
import { labelOf, nearest } from "./extract.ts";
import { sentencesOf, wordsOfName } from "./text.ts";

/** The part of JSON schema that {@link toJsonSchema} makes. */
const Node = z.looseObject({
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  anyOf: z.array(z.looseObject({})).optional(),
  items: z.looseObject({}).optional(),
  properties: z.record(z.string(), z.looseObject({})).optional(),
  description: z.string().optional(),
});
type Node = z.infer<typeof Node>;

/** Where a value is looked for, and by what name. */
type Place = { readonly text: string; readonly name: string };

const NUMBER = String.raw`-?\d+(?:[.,]\d+)*`;
const NEGATED = /\b(?:not?|never|without|false|isn.t|hasn.t|don.t|doesn.t)\b/i;
const FORMATS: readonly (readonly [RegExp, RegExp])[] = [
  [/\be-?mail\b/i, /[\w.+-]+@[\w-]+\.[\w.-]*\w/],
  [/\b(?:url|link|website)\b/i, /https?:\/\/[^\s,;)]+/],
  [/\b(?:date|day|on|when)\b/i, /\b\d{4}-\d{2}-\d{2}\b/],
];

/**
 * A value of a schema with what a text says: labelled values, numbers, dates and addresses, and the label of an enum that
 * stands in it. What the text does not say is null where that may be, and else empty.
 */
export function fill(schema: JsonSchema, text: string, name = ""): unknown {
  const node = Node.parse(schema);
  return read(node, { text, name }) ?? empty(node);
}

function read(node: Node, place: Place): unknown {
  if (node.anyOf !== undefined) return readAny(node.anyOf, place);
  if (node.enum !== undefined) return labelOf(near(node, place), node.enum);
  if (node.properties !== undefined) {
    const filled = Object.entries(node.properties).map(
      ([name, property]) => [name, fill(property, place.text, name)] as const,
    );
    return Object.fromEntries(filled);
  }
  if (node.items !== undefined) return readItems(Node.parse(node.items), place);
  if (node.type === "boolean") return readBoolean(node, place);
  if (node.type === "number" || node.type === "integer") return readNumber(node, place);
  return readText(node, place);
}

function readAny(options: readonly JsonSchema[], place: Place): unknown {
  const option = options.find(({ type }) => type !== "null");
  return (option === undefined ? undefined : read(Node.parse(option), place)) ?? null;
}

function readItems(item: Node, place: Place): unknown[] {
  if (item.enum !== undefined) {
    return item.enum.filter((label) => place.text.toLowerCase().includes(label.toLowerCase()));
  }
  if (item.type !== "string") return [];
  const list = labelled(place, String.raw`[^\n.;]+`);
  const parts = list?.split(/,|\band\b/).map((part) => part.trim()) ?? [];
  return parts.filter((part) => part !== "");
}

function readBoolean(node: Node, place: Place): boolean {
  const value = labelled(place, String.raw`\S+`);
  if (value !== undefined && /^(?:yes|true)\b/i.test(value)) return true;
  const sentence = nearest(sentencesOf(place.text), queryOf(node, place));
  const words = wordsOfName(place.name);
  return (
    sentence !== undefined &&
    words.some((word) => sentence.toLowerCase().includes(word)) &&
    !NEGATED.test(sentence)
  );
}

function readNumber(node: Node, place: Place): number | undefined {
  const label = labelOfName(place.name);
  const before = new RegExp(`(${NUMBER})\\s+${label}`, "i").exec(place.text)?.[1];
  const found =
    labelled(place, NUMBER) ?? before ?? new RegExp(NUMBER).exec(near(node, place))?.[0];
  const value = Number(found?.replaceAll(/,(?=\d{3}\b)/g, "").replace(",", "."));
  if (!Number.isFinite(value)) return undefined;
  return node.type === "integer" ? Math.trunc(value) : value;
}

function readText(node: Node, place: Place): string | undefined {
  const query = queryOf(node, place);
  const format = FORMATS.find(([kind]) => kind.test(query))?.[1];
  const formatted = format?.exec(place.text)?.[0];
  return (
    formatted ??
    labelled(place, String.raw`[^\n,;]+?(?=[.!?](?:\s|$)|[\n,;]|$)`) ??
    nearest(sentencesOf(place.text), query)
  );
}

/** What stands after the name of a value: `order id: 7`, `Order id is 7`. */
function labelled({ text, name }: Place, pattern: string): string | undefined {
  if (name === "") return undefined;
  const found = new RegExp(
    `\\b${labelOfName(name)}\\s*(?::|=|\\bis\\b|\\bare\\b)\\s*(${pattern})`,
    "i",
  ).exec(text);
  return found?.[1]?.trim();
}

// Words are letters and digits: nothing in them has a meaning in a pattern.
function labelOfName(name: string): string {
  return wordsOfName(name).join(String.raw`[\s_-]*`);
}

function near(node: Node, place: Place): string {
  return nearest(sentencesOf(place.text), queryOf(node, place)) ?? place.text;
}

function queryOf({ description = "" }: Node, { name }: Place): string {
  return `${wordsOfName(name).join(" ")} ${description}`;
}

function empty(node: Node): unknown {
  if (node.type === "number" || node.type === "integer") return 0;
  if (node.type === "boolean") return false;
  return node.enum?.[0] ?? "";
}
