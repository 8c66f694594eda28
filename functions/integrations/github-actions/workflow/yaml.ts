/** What a workflow file is made of; `undefined` members are left out. */
export type Yaml =
  | string
  | number
  | boolean
  | undefined
  | readonly Yaml[]
  | { readonly [name: string]: Yaml };

/** Renders block style YAML 1.2 (https://yaml.org/spec/1.2.2/). Text is quoted as JSON wherever it could be read as something else. */
export function renderYaml(value: { readonly [name: string]: Yaml }): string {
  return `${members(value, "").join("\n")}\n`;
}

function members(value: { readonly [name: string]: Yaml }, indent: string): string[] {
  return Object.entries(value).flatMap(([name, member]) =>
    member === undefined ? [] : labelled(`${indent}${scalar(name)}:`, member, indent),
  );
}

function labelled(label: string, value: Yaml, indent: string): string[] {
  if (typeof value === "string" && isBlock(value)) {
    return [`${label} |-`, ...value.split("\n").map((line) => (line ? `${indent}  ${line}` : ""))];
  }
  if (typeof value !== "object") return [`${label} ${scalar(value)}`];
  const inner = `${indent}  `;
  if (isList(value)) {
    if (value.length === 0) return [`${label} []`];
    return [label, ...value.flatMap((one) => item(one, inner))];
  }
  const lines = members(value, inner);
  return lines.length === 0 ? [`${label} {}`] : [label, ...lines];
}

function item(value: Yaml, indent: string): string[] {
  if (typeof value !== "object" || isList(value)) return labelled(`${indent}-`, value, indent);
  const [first, ...rest] = members(value, `${indent}  `);
  if (first === undefined) return [`${indent}- {}`];
  return [`${indent}- ${first.trimStart()}`, ...rest];
}

function isList(value: Yaml): value is readonly Yaml[] {
  return Array.isArray(value);
}

/** Several lines of visible text, the first of which starts at its margin, and nothing that a block would lose. */
function isBlock(text: string): boolean {
  return (
    /^[^\s][^\n]*\n/.test(text) &&
    !/[\p{Cc}\p{Cf}\u2028\u2029]|\n$/u.test(text.replaceAll(/\n(?!$)/g, ""))
  );
}

function scalar(value: string | number | boolean | undefined): string {
  if (typeof value !== "string") return String(value);
  const plain = /^[A-Za-z_][\w./@-]*(?: [\w./@-]+)*$/.test(value);
  const other = /^(?:true|false|null|yes|no|on|off|y|n|\.?nan|\.?inf)$/i.test(value);
  return plain && (!other || value === "on") ? value : quoted(value);
}

/** JSON is YAML but for control characters that YAML wants escaped; what nobody sees is escaped, too. */
function quoted(value: string): string {
  return JSON.stringify(value).replaceAll(
    /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
