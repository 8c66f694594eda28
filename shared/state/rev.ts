import { Fault } from "#shared/errors";
import * as z from "zod";
import type { StateRow } from "./driver.ts";

// Our revision, then the store's own token where it is another text.
const SHAPE = /^([0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{8})(?:\.([A-Za-z0-9_-]+))?$/;

/**
 * The state of a row that a write is based on: opaque, safe in a URL or header, and usable as a schema where a
 * client of ours sends it back.
 */
export const Rev = z.string().regex(SHAPE).brand<"Rev">();
export type Rev = z.infer<typeof Rev>;

/** Packs a row's revision and handle. */
export function encodeRev({ rev, handle }: Pick<StateRow, "rev" | "handle">): Rev {
  const text = handle === rev ? rev : `${rev}.${Buffer.from(handle).toString("base64url")}`;
  return Rev.parse(text);
}

/** Unpacks; throws `invalid_argument` from `caller` for a text that is no Rev. */
export function decodeRev(text: string): Pick<StateRow, "rev" | "handle"> {
  const [, rev, handle] = SHAPE.exec(text) ?? [];
  if (rev === undefined) {
    throw new Fault("invalid_argument", "state.rev: this is no revision; pass one that was read", {
      origin: "caller",
    });
  }
  if (handle === undefined) return { rev, handle: rev };
  return { rev, handle: Buffer.from(handle, "base64url").toString() };
}
