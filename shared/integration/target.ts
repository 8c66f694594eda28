import { Fault } from "#shared/errors";
import { authHeaders, type Credentials } from "./auth.ts";
import type { Connections } from "./connection.ts";
import type { Integration } from "./define-integration.ts";

/** Where a connection's requests go. */
export type Target = {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Set when the operator chose the place: its origin may be internal and may see our trace. */
  readonly ownOrigin: string | undefined;
  /** The answers are recordings. */
  readonly sandboxed: boolean;
};

/**
 * Chooses between the operator's base URL (`AUTERITY_BASE_URL_<INTEGRATION>`, which may do without credentials), the
 * vendor, and, where required credentials are missing, the sandbox (`AUTERITY_SANDBOX_URL`). Throws
 * `failed_precondition` from `caller`, naming the missing field, when there is nothing to call.
 */
export function chooseTarget(
  integration: Integration,
  connection: string,
  credentials: Credentials,
  settings: Connections["settings"],
): Target {
  const { id, auth, http } = integration;
  const headers = authHeaders(auth, credentials);
  const setting = `AUTERITY_BASE_URL_${constantCase(id)}`;
  const override = settings[setting];
  if (override !== undefined && override !== "") return ownTarget(setting, override, "", headers);
  const missing = Object.entries(auth.fields).find(
    ([field, { required }]) => required && !credentials.has(field),
  );
  if (missing === undefined) {
    return { baseUrl: http.baseUrl, headers, ownOrigin: undefined, sandboxed: false };
  }
  const sandbox = settings["AUTERITY_SANDBOX_URL"];
  if (sandbox !== undefined && sandbox !== "") {
    return { ...ownTarget("AUTERITY_SANDBOX_URL", sandbox, `/${id}`, {}), sandboxed: true };
  }
  const [field] = missing;
  throw new Fault(
    "failed_precondition",
    `integration.connection: ${id}/${connection} has no "${field}"; set AUTERITY_SECRET_${constantCase(id)}_${constantCase(field)} or store it in the vault`,
    { origin: "caller", details: { integration: id, connection, field } },
  );
}

function ownTarget(
  setting: string,
  value: string,
  suffix: string,
  headers: Target["headers"],
): Target {
  const url = URL.parse(value);
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "") {
    throw new Fault(
      "failed_precondition",
      `integration.settings: ${setting} is no base url; correct it`,
    );
  }
  const baseUrl = url.href.replace(/\/+$/, "") + suffix;
  return { baseUrl, headers, ownOrigin: url.origin, sandboxed: false };
}

function constantCase(name: string): string {
  return name.toUpperCase().replaceAll("-", "_");
}
