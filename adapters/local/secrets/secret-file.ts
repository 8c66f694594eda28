import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { damaged, KEY_BYTES, SealedSecret, unseal } from "./seal.ts";

/** A secret of the file with its value. */
export type StoredSecret = { readonly sealed: SealedSecret; readonly value: string };

const Content = z.strictObject({ v: z.literal(1), secrets: z.array(SealedSecret) });

/** Where a data folder has its secrets, and the key that only the folder's owner can read. */
export function secretPaths(folder: string): { readonly file: string; readonly keyFile: string } {
  return { file: join(folder, "secrets.enc"), keyFile: join(folder, "secrets.key") };
}

/**
 * All secrets of a data folder, in the order of their names. Throws `failed_precondition` when a single byte of the
 * file is not as it was written, and gives nothing then. What it cannot tell is a file that was replaced by an older
 * one of its own.
 */
export function readSecrets(folder: string): readonly StoredSecret[] {
  const { file } = secretPaths(folder);
  if (!existsSync(file)) return [];
  const key = readSecretKey(folder);
  const text = readText(file);
  const parsed = Content.safeParse(parse(text));
  // Written anew and compared: a change that parsing overlooks, such as in spaces or in base64's last bits, shows.
  if (!parsed.success || renderSecrets(parsed.data.secrets) !== text) {
    throw damaged("its text is not as it was written");
  }
  const { secrets } = parsed.data;
  if (new Set(secrets.map(({ name }) => name)).size < secrets.length) {
    throw damaged("a secret is in it twice");
  }
  return secrets.map((sealed) => ({ sealed, value: unseal(key, sealed) }));
}

/** The key of a data folder. Throws `failed_precondition` when it is missing or was changed. */
export function readSecretKey(folder: string): Buffer {
  const { keyFile } = secretPaths(folder);
  const text = existsSync(keyFile) ? readText(keyFile) : "";
  const key = Buffer.from(text, "base64");
  if (key.length === KEY_BYTES && renderKey(key) === text) return key;
  throw damaged("its key is missing or was changed");
}

/** The one text that stands for a key. */
export function renderKey(key: Buffer): string {
  return `${key.toString("base64")}\n`;
}

/** The one text that stands for these secrets. */
export function renderSecrets(secrets: readonly SealedSecret[]): string {
  const canonical = secrets.map(({ name, version, nonce, tag, data }) => ({
    name,
    version,
    nonce: inBase64(nonce),
    tag: inBase64(tag),
    data: inBase64(data),
  }));
  return `${JSON.stringify({ v: 1, secrets: canonical }, undefined, 1)}\n`;
}

function inBase64(text: string): string {
  return Buffer.from(text, "base64").toString("base64");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The text of a file; empty where its bytes are no UTF-8. */
function readText(file: string): string {
  const bytes = readFileSync(file);
  const text = bytes.toString("utf8");
  return Buffer.from(text).equals(bytes) ? text : "";
}
