/** What sealing, opening and keeping tokens takes; a function that needs none of it starts without it. */
export function loadSealing(): Promise<typeof import("./sealing.ts")> {
  return import("./sealing.ts");
}
