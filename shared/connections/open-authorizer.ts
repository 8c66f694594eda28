import {
  type Auth,
  type AuthConnection,
  type Authorizer,
  createAuthorizer,
  type TokenCache,
  type TokenPorts,
} from "#shared/auth";
import type { BaseContext } from "#shared/function";
import { secret } from "#shared/secrets";
import { loadSealing } from "./load-sealing.ts";
import {
  connectionRecords,
  connectionTokens,
  dataKeys,
  type KeyPorts,
  MASTER_KEY,
} from "./records.ts";

/** Which connection is opened, and for which tenant. */
export type OpenedFor = {
  readonly tenant: string;
  readonly integration: string;
  readonly connection: string;
};

/** The invocation that needs a token. */
export type TokenCaller = Pick<BaseContext, "id" | "defer" | "signal" | "remainingMs">;

/** Permission to keep tokens and to read what tenants stored, beside the one to read the vault. */
export const connectionGrants = {
  connectionRecords: connectionRecords.grant("get", "update"),
  connectionTokens: connectionTokens.grant("get", "create", "put", "update"),
  dataKeys: dataKeys.grant("get", "create", "put"),
  masterKey: secret(MASTER_KEY).grant("read"),
} as const;

/** For one exchange, whatever time its caller has left. */
const EXCHANGE_MS = 12_000;

/** Opens a method of authentication for a connection: its tokens are kept in the store for all instances. */
export function openAuthorizer(
  method: Auth,
  connection: AuthConnection,
  ports: Omit<TokenPorts, "signal" | "remainingMs">,
  tokens: { readonly ports: KeyPorts; readonly of: OpenedFor; readonly caller: TokenCaller },
): Authorizer {
  const { signal } = new AbortController();
  const alone = { ...ports, signal, remainingMs: () => EXCHANGE_MS };
  const cache: TokenCache = {
    async token(obtain, refused) {
      const { tokensOf } = await loadSealing();
      const open = tokensOf(tokens.ports, tokens.of, tokens.caller);
      return (await open(method, connection)).token(obtain, refused);
    },
  };
  return createAuthorizer(method, { connection, ports: alone, cache });
}
