import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { admin, projectOf } from "../client.ts";
import { changeProvider, Config, names, Provider, providerOf } from "../providers.ts";

const id = z.string().min(1).max(512);

/** What the provider gave out for the project: https://firebase.google.com/docs/auth/web/google-signin and its siblings. */
const input = z.discriminatedUnion("provider", [
  z.object({
    provider: names.exclude(["apple"]),
    clientId: id,
    clientSecret: id,
  }),
  z.object({
    provider: z.literal("apple"),
    /** The Services ID. */
    clientId: id,
    teamId: id,
    keyId: id,
    privateKey: z.string().min(1).max(4_096),
    bundleIds: z.array(z.string().min(1)).default([]),
  }),
]);

export const enableProvider = defineAction({
  summary: "Let users sign in with Google, GitHub, Microsoft or Apple",
  docs: "https://cloud.google.com/identity-platform/docs/reference/rest/v2/projects.defaultSupportedIdpConfigs/patch",
  scopes: admin,
  effect: "write",
  idempotency: { kind: "natural", why: "a provider is set up once, and then only changed" },
  input,
  output: Provider,
  async run(api, given) {
    const config = { enabled: true, clientId: given.clientId, ...proofOf(given) };
    const changed = await changeProvider(api, given.provider, config);
    if (changed !== undefined) return changed;
    const created = await api.request({
      method: "POST",
      path: path`/v2/projects/${projectOf(api)}/defaultSupportedIdpConfigs`,
      query: { idpId: `${given.provider}.com` },
      json: config,
      response: Config,
    });
    return providerOf(created);
  },
});

function proofOf(given: z.infer<typeof input>): Readonly<Record<string, unknown>> {
  if (given.provider !== "apple") return { clientSecret: given.clientSecret };
  const { teamId, keyId, privateKey, bundleIds } = given;
  return { appleSignInConfig: { codeFlowConfig: { teamId, keyId, privateKey }, bundleIds } };
}
