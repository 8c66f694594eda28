import { requiredSetting, type Settings } from "#shared/function";
import type { AzureAccount, AzureIdentity } from "../drivers/account.ts";
import { managedIdentity } from "../drivers/managed-identity.ts";

/**
 * The account that a setting names: by connection string where it holds one, else an endpoint that is reached with the
 * app's own identity. Throws `failed_precondition` where it is missing.
 */
export function accountSetting(settings: Settings, name: string): AzureAccount {
  const value = requiredSetting(settings, name, "an account: its endpoint or connection string");
  if (value.includes(";")) return { connectionString: value };
  return { endpoint: value, identity: identitySetting(settings) };
}

/** The app's identity; `AZURE_CLIENT_ID` chooses among several user-assigned ones. */
export function identitySetting(settings: Settings): AzureIdentity {
  return managedIdentity(settings["AZURE_CLIENT_ID"]);
}

/** Only what stands for Azure on this machine has no TLS. */
export function isEmulator(url: string): boolean {
  return url.startsWith("http://127.0.0.1:");
}
