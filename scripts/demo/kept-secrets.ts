import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { secretVariable } from "../../adapters/local/drivers/secrets.ts";
import { readSecrets } from "../../adapters/local/secrets/secret-file.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Where the product runs that a script is to talk to. */
export function productUrl(url: string | undefined): string {
  return url ?? process.env["AUTERITY_URL"] ?? `http://127.0.0.1:${process.env["PORT"] ?? 4400}`;
}

/** The bearer token of the product on this machine. */
export function token(): string {
  return process.env["AUTERITY_TOKEN"] ?? kept("token");
}

/** A webhook secret as the product finds it: in the environment, in the encrypted file, or made at the first start. */
export function webhookSecret(integration: string): string {
  const name = `connections/default/${integration}/default/webhook-secret`;
  const stored = readSecrets(dataFolder()).find(({ sealed }) => sealed.name === name);
  return process.env[secretVariable(name) ?? ""] ?? stored?.value ?? kept("webhook-secret");
}

/** What `npm start` made at its first start. */
function kept(name: string): string {
  return readFileSync(join(dataFolder(), name), "utf8").trim();
}

function dataFolder(): string {
  return process.env["AUTERITY_DATA"] ?? join(root, ".auterity");
}
