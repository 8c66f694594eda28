import { createPublicKey, verify } from "node:crypto";
import { Fault } from "#shared/errors";
import * as z from "zod";

const Signed = z.object({
  payload: z.string(),
  signature: z.string(),
  keyId: z.string(),
  publicKey: z.string(),
});

const Table = z.object({
  issuedAtMs: z.number(),
  expiresAtMs: z.number(),
  functions: z.array(
    z.object({
      name: z.string(),
      arms: z.array(
        z.object({
          runtime: z.string(),
          url: z.url(),
          up: z.boolean(),
          usd: z.number().nullable(),
        }),
      ),
    }),
  ),
});

export type ReadTable = z.infer<typeof Table>;

/**
 * The table in a signed answer of `GET /v1/routes`. `publicKey` is the key that the caller trusts (SPKI, base64): that of
 * the answer itself proves nothing. Throws `unauthenticated` from `upstream` for a table of another key or with another
 * text than was signed, and `invalid_argument` for what is no table.
 */
export function readRouteTable(answer: unknown, publicKey: string): ReadTable {
  const signed = Signed.safeParse(answer);
  if (!signed.success) throw unreadable();
  const { payload, signature } = signed.data;
  const key = createPublicKey({
    key: Buffer.from(publicKey, "base64"),
    format: "der",
    type: "spki",
  });
  const isGenuine =
    signed.data.publicKey === publicKey &&
    verify(null, Buffer.from(payload), key, Buffer.from(signature, "base64"));
  if (!isGenuine) {
    throw new Fault(
      "unauthenticated",
      "client.routes: the route table is not signed by the trusted key; check its address",
      { origin: "upstream" },
    );
  }
  const table = Table.safeParse(JSON.parse(payload));
  if (!table.success) throw unreadable();
  return table.data;
}

function unreadable(): Fault {
  return new Fault("invalid_argument", "client.routes: the answer is no route table", {
    origin: "upstream",
  });
}
