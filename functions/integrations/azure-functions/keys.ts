import { type Api, type ApiPath, path } from "#shared/integration";
import * as z from "zod";
import { functionName, site, sitePath, type Site } from "./client.ts";

/** Which key is meant: of one function, or of the whole app. */
export const key = {
  ...site,
  /** The whole app when left out. */
  function: functionName.optional(),
  /** https://learn.microsoft.com/azure/azure-functions/function-keys-how-to */
  key: z.string().regex(/^[A-Za-z][\w-]{0,126}$/),
};

export function keyPath(
  api: Api,
  { function: name, key: keyName, ...at }: Site & { function?: string | undefined; key: string },
): ApiPath {
  return name === undefined
    ? sitePath(api, at, path`/host/default/functionKeys/${keyName}`)
    : sitePath(api, at, path`/functions/${name}/keys/${keyName}`);
}
