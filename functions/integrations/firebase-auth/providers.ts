import { Fault } from "#shared/errors";
import { type Api, path } from "#shared/integration";
import * as z from "zod";
import { projectOf } from "./client.ts";

/** https://cloud.google.com/identity-platform/docs/reference/rest/v2/projects.defaultSupportedIdpConfigs */
export const Provider = z.object({
  provider: z.string(),
  enabled: z.boolean(),
  clientId: z.string().nullable(),
});

/** Secrets and keys are not read. */
export const Config = z.object({
  name: z.string(),
  enabled: z.boolean().optional(),
  clientId: z.string().optional(),
});

export function providerOf({ name, enabled, clientId }: z.infer<typeof Config>) {
  return {
    provider: name.slice(name.lastIndexOf("/") + 1).replace(/\.com$/, ""),
    enabled: enabled ?? false,
    clientId: clientId ?? null,
  };
}

/** The providers that the integration knows by name, and what Google calls them. */
export const names = z.enum(["google", "github", "microsoft", "apple"]);

/** Changes a provider; `undefined` for one that was never set up. */
export async function changeProvider(
  api: Api,
  provider: z.infer<typeof names>,
  change: Readonly<Record<string, unknown>>,
): Promise<z.infer<typeof Provider> | undefined> {
  try {
    const changed = await api.request({
      method: "PATCH",
      path: path`/v2/projects/${projectOf(api)}/defaultSupportedIdpConfigs/${`${provider}.com`}`,
      query: { updateMask: Object.keys(change).join(",") },
      json: change,
      response: Config,
    });
    return providerOf(changed);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  return Fault.is(error) && (error.code === "not_found" || error.details["status"] === 404);
}
