import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Fault } from "#shared/errors";
import { secret } from "#shared/secrets";
import { makeFile, replaceFile } from "./durable-file.ts";
import { KEY_BYTES, seal } from "./seal.ts";
import {
  readSecretKey,
  readSecrets,
  renderKey,
  renderSecrets,
  secretPaths,
  type StoredSecret,
} from "./secret-file.ts";

/** How long a writer waits for another. */
const LOCK_TIMEOUT_MS = 10_000;

/** Makes the key of a data folder that has neither key nor secrets: another key would make those unreadable for good. */
export function makeSecretKey(folder: string): void {
  const { file, keyFile } = secretPaths(folder);
  if (existsSync(keyFile) || existsSync(file)) return;
  makeFile(keyFile, renderKey(randomBytes(KEY_BYTES)));
}

/**
 * Stores a value durably and gives its version. Throws `invalid_argument` for a name that no vault would take,
 * `failed_precondition` for a file that cannot be trusted, and `unavailable` when another writer takes too long.
 */
export function setSecret(folder: string, name: string, value: string): number {
  const { name: checked } = secret(name);
  makeSecretKey(folder);
  return edit(folder, (secrets) => {
    const known = secrets.find(({ sealed }) => sealed.name === checked);
    const version = (known?.sealed.version ?? 0) + 1;
    const sealed = seal(readSecretKey(folder), checked, version, value);
    return [version, [...without(secrets, checked), { sealed, value }]];
  });
}

/** Deletes a secret; false when there was none. Throws as {@link setSecret}. */
export function deleteSecret(folder: string, name: string): boolean {
  return edit(folder, (secrets) => {
    const kept = without(secrets, name);
    return [kept.length < secrets.length, kept];
  });
}

function edit<T>(
  folder: string,
  change: (secrets: readonly StoredSecret[]) => readonly [T, readonly StoredSecret[]],
): T {
  return locked(folder, () => {
    const [result, secrets] = change(readSecrets(folder));
    const sealed = secrets.map((stored) => stored.sealed);
    const sorted = sealed.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    replaceFile(secretPaths(folder).file, renderSecrets(sorted));
    return result;
  });
}

/** One writer at a time. SQLite's lock is the kernel's: it ends with its process, however that ends. */
function locked<T>(folder: string, work: () => T): T {
  const lock = new DatabaseSync(join(folder, "secrets.lock"), { timeout: LOCK_TIMEOUT_MS });
  try {
    lock.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    lock.close();
    throw new Fault("unavailable", "secrets.set: another process is writing; try again", {
      origin: "platform",
      cause,
    });
  }
  try {
    return work();
  } finally {
    lock.close();
  }
}

function without(secrets: readonly StoredSecret[], name: string): readonly StoredSecret[] {
  return secrets.filter(({ sealed }) => sealed.name !== name);
}
