import { type IssuedUrl, issuedUrl } from "#shared/integration";

/**
 * An address at an app's own hosts, which the vendor names: `<app>.azurewebsites.net`, or with a region where the name is
 * unique (https://learn.microsoft.com/azure/app-service/reference-app-settings#unique-default-hostname).
 */
export function atHost(
  kind: "app" | "scm",
  hostName: string,
  rest: string,
): { readonly host: string; readonly path: IssuedUrl } {
  const labels = hostName.split(".").length - (kind === "scm" ? 1 : 0);
  const host = labels > 3 ? `${kind}-regional` : kind;
  return { host, path: issuedUrl(`https://${hostName.toLowerCase()}${rest}`) };
}
