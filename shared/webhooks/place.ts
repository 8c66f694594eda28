/** Where a webhook says something about itself: a header, a query parameter, or a field of its body (`event.type`). */
export type Place =
  | { readonly header: string }
  | { readonly query: string }
  | { readonly field: string };

/** What a place is read from. */
export type Readable = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
};

/** The text at a place; numbers become text, anything else is `undefined`. */
export function readPlace(place: Place, request: Readable, payload: unknown): string | undefined {
  if ("header" in place) return request.headers[place.header];
  if ("query" in place) return readQuery(request.url, place.query);
  const value = readField(payload, place.field);
  return typeof value === "number" ? String(value) : typeof value === "string" ? value : undefined;
}

/** A query parameter that is there exactly once; a second one would leave open which is meant. */
export function readQuery(url: string, name: string): string | undefined {
  const [value, ...more] = URL.parse(url)?.searchParams.getAll(name) ?? [];
  return more.length === 0 ? value : undefined;
}

/** The value at a dotted path of own properties; `undefined` where the path ends early. */
export function readField(payload: unknown, path: string): unknown {
  let value = payload;
  for (const name of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name))
      return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}

/** The values at a dotted path in which `*` stands for every item of a list. */
export function readEach(payload: unknown, path: string): readonly unknown[] {
  const [before, ...after] = path.split(".*.");
  const value = readField(payload, before ?? "");
  if (after.length === 0) return [value];
  return Array.isArray(value) ? value.flatMap((item) => readEach(item, after.join(".*."))) : [];
}
