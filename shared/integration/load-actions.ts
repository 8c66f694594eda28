import type * as actions from "./open-action.ts";

/**
 * What calling a vendor for an action takes. Nothing that a function loads at its start may import it: an index that
 * exported it would put it there.
 */
export function loadActions(): Promise<typeof actions> {
  return import("./open-action.ts");
}
