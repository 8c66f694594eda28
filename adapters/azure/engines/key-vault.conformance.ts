import { createHash } from "node:crypto";
import { listen } from "#shared/testing";
import type { AzureIdentity } from "../drivers/account.ts";

/** A vault as its readers see it on the wire, in this process. */
export type FakeKeyVault = {
  readonly vaultUrl: string;
  /** An identity that may read it. */
  readonly identity: AzureIdentity;
  /** How many secrets were asked for with a valid token. */
  readonly reads: () => number;
  /** Refuses the next read with this status and code. */
  refuse(status: number, code: string): void;
  stop(): Promise<void>;
};

const TOKEN = "a token of the fake directory";
// https://learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses
const CHALLENGE =
  'Bearer authorization="https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000", resource="https://vault.azure.net"';

/** Starts a vault with these secrets; names count without case, as in the service. */
export async function startKeyVault(
  secrets: Readonly<Record<string, string>>,
): Promise<FakeKeyVault> {
  const held = new Map(Object.entries(secrets).map(([name, value]) => [name.toLowerCase(), value]));
  let reads = 0;
  let refusal: { readonly status: number; readonly code: string } | undefined;
  const answer = (name: string): { status: number; json: unknown } => {
    reads += 1;
    const value = held.get(name.toLowerCase());
    const refused = refusal ?? { status: 404, code: "SecretNotFound" };
    if (refusal !== undefined || value === undefined) {
      refusal = undefined;
      return { status: refused.status, json: { error: { code: refused.code, message: "no" } } };
    }
    const version = createHash("md5").update(value).digest("hex");
    const id = `https://fake.vault.azure.net/secrets/${name}/${version}`;
    return { status: 200, json: { value, id, attributes: { enabled: true } } };
  };
  const server = await listen((request, response) => {
    const [, name] = /^\/secrets\/([0-9A-Za-z-]{1,127})\/?\?/.exec(request.url ?? "") ?? [];
    const granted = request.headers.authorization === `Bearer ${TOKEN}`;
    if (!granted) response.setHeader("www-authenticate", CHALLENGE);
    const { status, json } = granted
      ? answer(name ?? "")
      : { status: 401, json: { error: { code: "Unauthorized", message: "no token" } } };
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(json));
  });
  return {
    vaultUrl: server.url,
    identity: {
      getToken: async () => ({ token: TOKEN, expiresOnTimestamp: Date.now() + 3_600_000 }),
    },
    reads: () => reads,
    refuse: (status, code) => void (refusal = { status, code }),
    stop: () => server.close(),
  };
}
