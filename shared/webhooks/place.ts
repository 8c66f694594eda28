/** Where a webhook says something about itself: in a header, or in a field of its JSON body (`event.type`). */
export type Place = { readonly header: string } | { readonly field: string };

/** The text at a place; numbers become text, anything else is `undefined`. */
export function readPlace(
  place: Place,
  headers: Readonly<Record<string, string>>,
  payload: unknown,
): string | undefined {
  const value = "header" in place ? headers[place.header] : readField(payload, place.field);
  return typeof value === "number" ? String(value) : typeof value === "string" ? value : undefined;
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
