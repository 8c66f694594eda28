import type { ContentPart } from "./scheme.ts";

/** The parts of a request that a signature may cover. */
export type SignedParts = {
  readonly method: string;
  readonly url: string;
  readonly body: Uint8Array;
  readonly timestamp?: string | undefined;
  readonly id?: string | undefined;
};

/** The exact bytes that a vendor signs. */
export function signedContent(content: readonly ContentPart[], parts: SignedParts): Uint8Array {
  return Buffer.concat(
    content.map((part) => {
      if (typeof part === "string") return Buffer.from(part);
      if (part.part === "body") return parts.body;
      if (part.part === "url") return Buffer.from(decodeOnly(parts.url, part.decoded ?? ""));
      return Buffer.from(parts[part.part] ?? "");
    }),
  );
}

/** Undoes the percent-encoding of these characters and of no other. */
function decodeOnly(url: string, characters: string): string {
  return url.replaceAll(/%[0-9a-f]{2}/gi, (encoded) => {
    const character = String.fromCodePoint(Number.parseInt(encoded.slice(1), 16));
    return characters.includes(character) ? character : encoded;
  });
}
