import { STATE_METHODS, WireKey } from "#shared/state";
import type { HmacScheme } from "#shared/webhooks";
import * as z from "zod";
import { Members } from "./membership.ts";
import { Version } from "./version.ts";

/** What a batch of rows holds at most; a peer reads no body larger than {@link MAX_CALL_BYTES}. */
export const MAX_BATCH_ROWS = 100;
export const MAX_BATCH_BYTES = 1_000_000;
/** A batch, or a transaction of the home's, which carries 1.5 MB at most (see `transact` of #shared/state), quoted. */
export const MAX_CALL_BYTES = 4_000_000;

/** How clouds prove to each other who they are: an HMAC over id, time and body with the key that they share. */
export const peerScheme: HmacScheme = {
  kind: "hmac",
  algorithm: "sha256",
  header: "x-auterity-signature",
  encoding: "base64",
  prefix: "v1,",
  idHeader: "x-auterity-id",
  timestamp: { header: "x-auterity-timestamp", unit: "seconds", toleranceSeconds: 60 },
  content: [{ part: "id" }, ".", { part: "timestamp" }, ".", { part: "body" }],
};

/** A call from one cloud to another. Who it is for is signed too, so that no other cloud can be told the same. */
export const PeerCallBody = z.object({
  from: z.string().min(1).max(40),
  to: z.string().min(1).max(40),
  /** Of the members that the sender knows; 0 for a function, which asks as its cloud. */
  epoch: z.int().min(0),
  method: z.enum([...STATE_METHODS, "apply", "confirm", "adopt", "members"]),
  params: z.unknown().optional(),
});
export type PeerMethod = z.infer<typeof PeerCallBody>["method"];

/** What comes back of a call; `epoch` tells the sender that the members have changed. */
export const PeerAnswer = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), epoch: z.int(), value: z.unknown().optional() }),
  z.object({
    ok: z.literal(false),
    epoch: z.int(),
    code: z.string(),
    message: z.string().max(2_000),
    retryAfterMs: z.number().optional(),
  }),
]);
export type PeerAnswer = z.infer<typeof PeerAnswer>;

export const Batch = z.array(z.object({ key: WireKey, version: Version })).max(MAX_BATCH_ROWS);
export const Refused = z.array(WireKey);
export const Confirmation = Members.pick({ epoch: true, home: true });
