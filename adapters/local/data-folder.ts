import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { makeSecretKey } from "./secrets/edit-secrets.ts";

/** What is kept between starts beside the database. */
export type DataFolder = {
  /** Its absolute path. */
  readonly folder: string;
  readonly databasePath: string;
  /** The bearer token of tenant `default`. */
  readonly token: string;
  /** Signs webhooks to connections that have no secret of their own: nobody outside this machine knows it. */
  readonly webhookSecret: string;
  /** By which the clouds' replicas on this machine know each other. */
  readonly replicationKey: string;
  /** PKCS#8 PEM of the key that signs route tables. */
  readonly signingKeyPem: string;
};

/** Opens the data folder, making it and its keys at first use; only its owner may read it. */
export function openDataFolder(folder: string, token: string | undefined): DataFolder {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  makeSecretKey(folder);
  return {
    folder: resolve(folder),
    databasePath: join(folder, "auterity.db"),
    token: token ?? readOrMake(join(folder, "token"), makeToken),
    webhookSecret: readOrMake(join(folder, "webhook-secret"), makeSecret),
    replicationKey: readOrMake(join(folder, "replication-key"), makeSecret),
    signingKeyPem: readOrMake(join(folder, "signing-key.pem"), makeSigningKey),
  };
}

function readOrMake(file: string, make: () => string): string {
  if (existsSync(file)) return readFileSync(file, "utf8").trim();
  const made = make();
  writeFileSync(file, `${made}\n`, { mode: 0o600 });
  return made;
}

function makeToken(): string {
  return `aut_${randomBytes(24).toString("base64url")}`;
}

function makeSecret(): string {
  return randomBytes(32).toString("hex");
}

function makeSigningKey(): string {
  const { privateKey } = generateKeyPairSync("ed25519");
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString().trim();
}
