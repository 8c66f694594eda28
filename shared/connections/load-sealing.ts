import type * as sealing from "./sealing.ts";

/** What sealing, opening and keeping tokens takes; a function that needs none of it starts without it. */
export function loadSealing(): Promise<typeof sealing> {
  return import("./sealing.ts");
}
