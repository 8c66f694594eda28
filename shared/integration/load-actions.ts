/**
 * What calling a vendor for an action takes. Nothing that a function loads at its start may import it: an index that
 * exported it would put it there.
 */
export function loadActions(): Promise<typeof import("./open-action.ts")> {
  return import("./open-action.ts");
}
