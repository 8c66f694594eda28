import type { Model } from "./is-linearizable.ts";

/**
 * What is asked of a row with conditional writes. Every write leaves a mark of its own; a row is what its last write
 * left, and `""` is a row that is not there.
 */
export type RegisterInput =
  | { readonly kind: "read" }
  | { readonly kind: "create"; readonly mark: string }
  | { readonly kind: "write"; readonly mark: string }
  | { readonly kind: "replace"; readonly mark: string; readonly based: string }
  | { readonly kind: "remove"; readonly based: string | undefined };

/** What a read showed, or whether a write was done; a refused write may show the row that it met. */
export type RegisterOutput =
  | { readonly kind: "shown"; readonly mark: string }
  | { readonly kind: "done" }
  | { readonly kind: "refused"; readonly mark?: string };

/** A row that is read, created, overwritten, replaced and removed. */
export const register: Model<RegisterInput, RegisterOutput> = {
  initial: "",
  step(state, input, output) {
    if (input.kind === "read") return isShown(state, output) ? state : undefined;
    if (output?.kind === "refused") {
      const isMet = output.mark === undefined || output.mark === state;
      return isMet && !isAllowed(state, input) ? state : undefined;
    }
    if (!isAllowed(state, input)) return undefined;
    return input.kind === "remove" ? "" : input.mark;
  },
  isPure: (input, output) => input.kind === "read" || output?.kind === "refused",
};

function isShown(state: string, output: RegisterOutput | undefined): boolean {
  return output === undefined || (output.kind === "shown" && output.mark === state);
}

function isAllowed(state: string, input: Exclude<RegisterInput, { kind: "read" }>): boolean {
  if (input.kind === "create") return state === "";
  return !("based" in input) || input.based === undefined || input.based === state;
}
