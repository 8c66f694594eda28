/** A Set-Cookie line as its reader sees it. */
export type ReadCookie = {
  readonly name: string;
  /** Unescaped where it can be, as every cookie parser does. */
  readonly value: string;
  /** Lower-case names, sorted; values of Expires as a time, others in lower case. */
  readonly attributes: readonly string[];
};

/**
 * Reads a Set-Cookie line, so that two of them can be compared by what they mean: clouds order attributes and
 * escape values differently.
 */
export function readCookie(line: string): ReadCookie {
  const [pair = "", ...rest] = line.split(";");
  const equals = pair.indexOf("=");
  return {
    name: pair.slice(0, equals),
    value: unescapeValue(pair.slice(equals + 1).trim()),
    attributes: rest.map(readAttribute).sort(),
  };
}

function readAttribute(text: string): string {
  const [name = "", value = ""] = text.trim().toLowerCase().split("=");
  return name === "expires" ? `${name}=${Date.parse(value)}` : `${name}=${value}`;
}

function unescapeValue(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
