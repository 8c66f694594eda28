import type { SignedScheme } from "./scheme.ts";

/** The parts of a request that a signature may cover. */
export type SignedParts = {
  readonly body: Uint8Array;
  readonly timestamp?: string | undefined;
  readonly id?: string | undefined;
};

/** The exact bytes that a vendor signs. */
export function signedContent(scheme: SignedScheme, parts: SignedParts): Uint8Array {
  return Buffer.concat(
    scheme.content.map((part) => {
      if (typeof part === "string") return Buffer.from(part);
      return part.part === "body" ? parts.body : Buffer.from(parts[part.part] ?? "");
    }),
  );
}
