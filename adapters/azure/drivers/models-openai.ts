import type { Clock } from "#shared/function";
import {
  azureOffers,
  codeOfModelHttp,
  type ModelDriver,
  type ModelOffer,
  openAiModels,
} from "#shared/models";
import type { AzureIdentity } from "./account.ts";
import { codeOfRest } from "./rest-client.ts";

export type AzureOpenAiOptions = {
  /** As `https://<name>.openai.azure.com`. */
  readonly endpoint: string;
  readonly account: { readonly identity: AzureIdentity } | { readonly key: string };
  readonly clock: Clock;
  /** What is deployed there; an offer's id is its deployment's name. */
  readonly offers?: readonly ModelOffer[];
  /** The service is on this machine and has no TLS. */
  readonly emulator?: boolean;
};

/** https://learn.microsoft.com/azure/ai-foundry/openai/how-to/managed-identity */
const SCOPE = "https://cognitiveservices.azure.com/.default";

/**
 * Models deployed in Azure OpenAI, by its version-less interface, which is OpenAI's with a deployment's name for a
 * model's: https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle. Needs the role "Cognitive Services
 * OpenAI User" where it is reached by identity.
 */
export function azureOpenAiModels(options: AzureOpenAiOptions): ModelDriver {
  const { account, clock, offers = azureOffers } = options;
  const endpoint = options.endpoint.replace(/\/+$/, "");
  const driver = openAiModels({
    name: "azure-openai",
    offers,
    baseUrl: `${endpoint}/openai/v1`,
    // Deployments of models that think know no other.
    tokensField: "max_completion_tokens",
    clock,
    authorize: (signal) => proofOf(account, signal),
    ...(options.emulator === true ? { allowedOrigins: [new URL(endpoint).origin] } : {}),
  });
  return { ...driver, codeOf: codeOfAzureModels };
}

async function proofOf(
  account: AzureOpenAiOptions["account"],
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  if ("key" in account) return { "api-key": account.key };
  const token = await account.identity.getToken(SCOPE, { abortSignal: signal });
  if (token === null) throw new NoToken("the identity gave no token");
  return { authorization: `Bearer ${token.token}` };
}

class NoToken extends Error {
  override readonly name = "AuthenticationError";
}

/** The identity's own errors come beside the service's: https://learn.microsoft.com/javascript/api/@azure/identity */
function codeOfAzureModels(error: unknown): ReturnType<ModelDriver["codeOf"]> {
  const known = codeOfModelHttp(error) ?? codeOfRest(error);
  if (known !== undefined || !(error instanceof Error)) return known;
  return /^(?:Authentication|CredentialUnavailable)/.test(error.name)
    ? "unauthenticated"
    : undefined;
}
