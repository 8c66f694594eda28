import { type KeyPorts, loadSealing } from "#shared/connections";
import { Fault } from "#shared/errors";
import * as z from "zod";

/** What comes back from a consent page, and proves whose consent was begun. */
export type ConsentState = {
  readonly tenant: string;
  readonly integration: string;
  readonly name: string;
  /** Finds the pending consent, once. */
  readonly nonce: string;
  readonly endsAtMs: number;
};

const PURPOSE = "consent state";
const Signed = z.object({
  tenant: z.string(),
  integration: z.string(),
  name: z.string(),
  nonce: z.string(),
  endsAtMs: z.number(),
});

/** Signs a state; it stands in an address, so it holds nothing secret. */
export async function signState(ports: KeyPorts, state: ConsentState): Promise<string> {
  const { readMasterKeys, signFor } = await loadSealing();
  const [master] = await readMasterKeys(ports);
  const { tenant, integration, name, nonce, endsAtMs } = state;
  const parts = JSON.stringify({ tenant, integration, name, nonce, endsAtMs });
  const text = Buffer.from(parts).toString("base64url");
  return `${text}.${signFor(PURPOSE, master, text)}`;
}

/** Reads a state. Throws `permission_denied` from `caller` for one we did not sign, or signed too long ago. */
export async function readState(ports: KeyPorts, text: string): Promise<ConsentState> {
  const [parts = "", ...signature] = text.split(".");
  const { isSignedFor, readMasterKeys } = await loadSealing();
  const masters = await readMasterKeys(ports);
  if (!isSignedFor(PURPOSE, masters, parts, signature.join("."))) throw refused("is not ours");
  const parsed = Signed.safeParse(JSON.parse(Buffer.from(parts, "base64url").toString("utf8")));
  if (!parsed.success) throw refused("is not ours");
  if (ports.clock.now() >= parsed.data.endsAtMs) throw refused("is older than ten minutes");
  return parsed.data;
}

/** The fault for an answer that belongs to no consent of ours. */
export function refused(why: string): Fault {
  return new Fault(
    "permission_denied",
    `connections.consent: the answer of the consent page ${why}; begin again with "npm run connect"`,
    { origin: "caller" },
  );
}
