import type { ConfigValues } from "#shared/auth";
import { Fault } from "#shared/errors";
import type { VendorHttp } from "../define-integration.ts";
import { type ApiPath, segment } from "../path.ts";
import type { ApiTarget } from "./call.ts";

/** An upload or download URL that the vendor gave out; only {@link issuedUrl} makes one. */
export type IssuedUrl = { readonly issued: string };

/**
 * A URL that stood in a vendor's answer. It is called only if it is below the URL of the host the call names; with
 * `{names}` in that URL, each stands for one DNS label.
 */
export function issuedUrl(url: string): IssuedUrl {
  return { issued: url };
}

/** Where an integration's requests go. */
export type Place = {
  readonly http: VendorHttp;
  /** The operator's place or the sandbox, where that is `own`; otherwise the vendor's URLs count. */
  readonly baseUrl: string;
  /** Requests go to `baseUrl` instead of the vendor: those to other hosts below it, as `/~<host>/<path>`. */
  readonly own: boolean;
  /** The connection's settings. */
  readonly config: ConfigValues;
};

// https://www.rfc-editor.org/rfc/rfc1123#section-2
const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const WHOLE_LABEL = new RegExp(`^${LABEL}$`);
const NAME = /\{([a-zA-Z][\w-]*)\}/g;

/**
 * The URL of a call without its query. Nothing of it is a caller's but checked path segments and DNS labels. Throws
 * `invalid_argument` or `failed_precondition` from `caller` for labels, `permission_denied` for an issued URL elsewhere.
 */
export function urlOf(place: Place, call: ApiTarget): URL {
  const template = hostUrl(place.http, call.host);
  if ("issued" in call.path) return reroute(place, checkIssued(template, call.path.issued));
  if (place.own && call.host === undefined && !template.includes("{")) {
    return new URL(join(place.baseUrl, call.path));
  }
  return reroute(place, new URL(join(fill(template, call, place.config), call.path)));
}

function hostUrl({ baseUrl, hosts }: VendorHttp, name: string | undefined): string {
  if (name === undefined) return baseUrl;
  const host = hosts !== undefined && Object.hasOwn(hosts, name) ? hosts[name] : undefined;
  if (host !== undefined) return host.baseUrl;
  throw new Fault("internal", `integration.host: "${name}" is not among http.hosts; declare it`);
}

function join(baseUrl: string, path: ApiPath): string {
  return baseUrl.replace(/\/+$/, "") + path.encoded;
}

/** What goes to the vendor goes to its stand-in, which is told whom it stands for. */
function reroute({ own, baseUrl }: Place, url: URL): URL {
  if (!own) return url;
  return new URL(`${baseUrl.replace(/\/+$/, "")}/~${url.host}${url.pathname}${url.search}`);
}

function fill(template: string, { at = {} }: ApiTarget, config: ConfigValues): string {
  const pathStart = template.indexOf("/", "https://".length);
  return template.replaceAll(NAME, (_, name: string, offset: number) => {
    const value = ownValue(at, name) ?? ownValue(config, name);
    if (value === undefined) throw refuse("failed_precondition", name, "is not set; set it");
    if (pathStart !== -1 && offset > pathStart) return segment(value);
    if (WHOLE_LABEL.test(value)) return value;
    throw refuse("invalid_argument", name, "is no lower-case DNS label; correct it");
  });
}

function ownValue(values: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function checkIssued(template: string, text: string): URL {
  const url = URL.parse(text);
  const pattern = template.replace(/\/+$/, "").split(NAME);
  const source = pattern.map((part, index) =>
    index % 2 === 0 ? part.replaceAll(/[^\w:/]/g, String.raw`\$&`) : LABEL,
  );
  const within = new RegExp(`^${source.join("")}(?:[/?]|$)`);
  if (url !== null && url.username === "" && url.password === "" && within.test(url.href)) {
    url.hash = "";
    return url;
  }
  throw new Fault(
    "permission_denied",
    "integration.host: the vendor gave a url of a host that is not declared; add it to http.hosts",
    { origin: "upstream" },
  );
}

function refuse(
  code: "invalid_argument" | "failed_precondition",
  field: string,
  why: string,
): Fault {
  return new Fault(code, `integration.host: "${field}" ${why}`, {
    origin: "caller",
    details: { field },
  });
}
