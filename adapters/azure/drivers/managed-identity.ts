import { lazily } from "#shared/function";
import type { AzureIdentity } from "./account.ts";

/**
 * The identity of the app itself; its SDK is loaded with the first token. With several user-assigned identities
 * `AZURE_CLIENT_ID` chooses: https://learn.microsoft.com/javascript/api/@azure/identity/defaultazurecredential
 */
export function managedIdentity(clientId: string | undefined): AzureIdentity {
  const connect = lazily(async () => {
    const { ManagedIdentityCredential } = await import("@azure/identity");
    return clientId === undefined
      ? new ManagedIdentityCredential()
      : new ManagedIdentityCredential({ clientId });
  });
  return { getToken: async (scopes, options) => (await connect()).getToken(scopes, options) };
}
