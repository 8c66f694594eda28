import { type Api, type ApiPath, path } from "#shared/integration";
import * as z from "zod";
import { projectOf } from "./client.ts";

const MfaState = z.enum(["DISABLED", "ENABLED", "MANDATORY"]);

/** https://cloud.google.com/identity-platform/docs/reference/rest/v2/Config */
const Config = z.object({
  subtype: z.string().optional(),
  authorizedDomains: z.array(z.string()).optional(),
  mfa: z
    .object({
      state: z.string().optional(),
      enabledProviders: z.array(z.string()).optional(),
      providerConfigs: z.array(z.object({ state: z.string().optional() })).optional(),
    })
    .optional(),
  blockingFunctions: z
    .object({
      triggers: z
        .object({
          beforeCreate: z.object({ functionUri: z.string().optional() }).optional(),
          beforeSignIn: z.object({ functionUri: z.string().optional() }).optional(),
        })
        .optional(),
    })
    .optional(),
});

export const Project = z.object({
  project: z.string(),
  /** Blocking functions and multi-factor authentication take Identity Platform. */
  identityPlatform: z.boolean(),
  authorizedDomains: z.array(z.string()),
  mfa: z.object({ state: MfaState, sms: z.boolean(), totp: z.boolean() }),
  blocking: z.object({ beforeCreate: z.string().nullable(), beforeSignIn: z.string().nullable() }),
});

function isOn(state: string | undefined): boolean {
  return state === "ENABLED" || state === "MANDATORY";
}

function projectFrom(project: string, config: z.infer<typeof Config>): z.infer<typeof Project> {
  const { mfa = {}, blockingFunctions } = config;
  const triggers = blockingFunctions?.triggers;
  return {
    project,
    identityPlatform: config.subtype === "IDENTITY_PLATFORM",
    authorizedDomains: config.authorizedDomains ?? [],
    mfa: {
      state: MfaState.catch("DISABLED").parse(mfa.state),
      sms: mfa.enabledProviders?.includes("PHONE_SMS") ?? false,
      totp: mfa.providerConfigs?.some(({ state }) => isOn(state)) ?? false,
    },
    blocking: {
      beforeCreate: triggers?.beforeCreate?.functionUri || null,
      beforeSignIn: triggers?.beforeSignIn?.functionUri || null,
    },
  };
}

function configPath(api: Api): ApiPath {
  return path`/v2/projects/${projectOf(api)}/config`;
}

export async function readProject(api: Api): Promise<z.infer<typeof Project>> {
  const call = { method: "GET", path: configPath(api), response: Config } as const;
  return projectFrom(projectOf(api), await api.request(call));
}

/** Changes the parts that the mask names: https://cloud.google.com/identity-platform/docs/reference/rest/v2/projects/updateConfig */
export async function changeProject(
  api: Api,
  mask: readonly string[],
  json: unknown,
): Promise<z.infer<typeof Project>> {
  const query = { updateMask: mask.join(",") };
  const call = { method: "PATCH", path: configPath(api), query, json, response: Config } as const;
  return projectFrom(projectOf(api), await api.request(call));
}
