import { type Api, path } from "#shared/integration";
import * as z from "zod";
import { arm, type Site, sitePath } from "./client.ts";
import { FoundTrigger, triggerOf } from "./triggers.ts";

/** A function of an app. */
export const AppFunction = z.object({
  name: z.string(),
  trigger: FoundTrigger.optional(),
  language: z.string().optional(),
  isDisabled: z.boolean(),
  /** Where it is called, if HTTP starts it; places in braces are to be filled. */
  url: z.string().optional(),
});

export const FunctionAnswer = z
  .object({
    name: z.string(),
    properties: z.object({
      config: z.unknown().optional(),
      language: z.string().nullish(),
      isDisabled: z.boolean().nullish(),
      invoke_url_template: z.string().nullish(),
    }),
  })
  .transform(({ name, properties }) => ({
    name: name.slice(name.lastIndexOf("/") + 1),
    trigger: triggerOf(properties.config),
    language: properties.language ?? undefined,
    isDisabled: properties.isDisabled ?? false,
    url: properties.invoke_url_template || undefined,
  }));

export function readFunction(
  api: Api,
  at: Site,
  name: string,
): Promise<z.output<typeof FunctionAnswer>> {
  const target = sitePath(api, at, path`/functions/${name}`);
  return api.request(arm({ method: "GET", path: target, response: FunctionAnswer }));
}

const Named = z.record(z.string(), z.string());

/** The keys of one function; the vendor answers without the envelope that it describes. */
const FunctionKeys = z.union([
  z.object({ properties: Named }).transform(({ properties }) => properties),
  Named,
]);

const HostKeys = z.object({
  masterKey: z.string(),
  functionKeys: Named.nullish(),
  systemKeys: Named.nullish(),
});

export function readFunctionKeys(
  api: Api,
  at: Site,
  name: string,
): Promise<z.output<typeof FunctionKeys>> {
  const target = sitePath(api, at, path`/functions/${name}/listkeys`);
  return api.request(arm({ method: "POST", path: target, safe: true, response: FunctionKeys }));
}

export function readHostKeys(api: Api, at: Site): Promise<z.output<typeof HostKeys>> {
  const target = sitePath(api, at, path`/host/default/listkeys`);
  return api.request(arm({ method: "POST", path: target, safe: true, response: HostKeys }));
}
