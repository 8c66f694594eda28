import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { Fault } from "#shared/errors";
import type { Ports } from "#shared/function";
import { secretReader } from "#shared/secrets";
import { MASTER_KEY } from "./records.ts";
import { KEY_BYTES } from "./seal.ts";

/** One key of the secret. */
export type MasterKey = { readonly id: string; readonly key: Uint8Array };

const LINE = /^([a-z0-9][a-z0-9-]{0,31}):([A-Za-z0-9+/]{43}=)$/;

/**
 * The master keys of a deployment: one per line as `<id>:<32 bytes in base64>`. The first one wraps, all of them unwrap,
 * so a new key goes before the old one and the old one goes when everything is wrapped anew. `freshly` asks the vault
 * where it has just turned out that others know a newer key. Throws
 * `failed_precondition` from `platform` where the secret is missing or malformed.
 */
export async function readMasterKeys(
  ports: Pick<Ports, "secrets" | "clock" | "random">,
  freshly = false,
): Promise<readonly [MasterKey, ...MasterKey[]]> {
  const reader = secretReader(ports);
  const secret = freshly ? await reader.refresh(MASTER_KEY) : await reader.read(MASTER_KEY);
  if (secret === undefined) throw unusable("does not exist");
  const keys = secret
    .reveal()
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => {
      const [, id, text] = LINE.exec(line) ?? [];
      if (id === undefined || text === undefined) throw unusable("has a line that is no key");
      return { id, key: Buffer.from(text, "base64") };
    });
  const [first, ...rest] = keys;
  if (first === undefined) throw unusable("is empty");
  if (new Set(keys.map(({ id }) => id)).size < keys.length) throw unusable("has an id twice");
  return [first, ...rest];
}

/** Signs a text for one purpose: `<id>.<mac>`. */
export function signFor(purpose: string, { id, key }: MasterKey, text: string): string {
  return `${id}.${macOf(purpose, key, text).toString("base64url")}`;
}

/** Whether {@link signFor} made a signature with one of these keys. Takes the same time for every wrong one. */
export function isSignedFor(
  purpose: string,
  keys: readonly MasterKey[],
  text: string,
  signature: string,
): boolean {
  const [id, mac = ""] = signature.split(".");
  const key = keys.find((one) => one.id === id)?.key;
  if (key === undefined) return false;
  const [given, right] = [Buffer.from(mac, "base64url"), macOf(purpose, key, text)];
  return given.length === right.length && timingSafeEqual(given, right);
}

// A key of its own for each purpose: https://www.rfc-editor.org/rfc/rfc5869
function macOf(purpose: string, key: Uint8Array, text: string): Buffer {
  const derived = Buffer.from(hkdfSync("sha256", key, "", purpose, KEY_BYTES));
  return createHmac("sha256", derived).update(text).digest();
}

function unusable(what: string): Fault {
  return new Fault(
    "failed_precondition",
    `connections.key: the secret "${MASTER_KEY}" ${what}; store one line <id>:<32 bytes in base64>, or run "npm run secret -- new-master-key"`,
    { origin: "platform", details: { secret: MASTER_KEY } },
  );
}
