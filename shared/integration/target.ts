import {
  type Auth,
  type ConfigValues,
  type Credentials,
  expand,
  methodsOf,
  missingField,
  readConfig,
} from "#shared/auth";
import { Fault } from "#shared/errors";
import type { Settings } from "#shared/function";
import { constantCase } from "./connection.ts";
import type { Integration } from "./define-integration.ts";

/** Where a connection's requests go. */
export type Target = {
  readonly baseUrl: string;
  /** How requests are authenticated; `undefined` where nothing is to be proven. */
  readonly method: Auth | undefined;
  readonly config: ConfigValues;
  /** Set when the operator chose the place: its origin may be internal and may see our trace. */
  readonly ownOrigin: string | undefined;
  /** The answers are recordings. */
  readonly sandboxed: boolean;
};

/** Which action of which connection is to be run, and what that connection has: settings are among it. */
export type Aim = {
  readonly integration: Integration;
  readonly action: string;
  readonly connection: string;
  readonly credentials: Credentials;
};

/**
 * Chooses between the operator's base URL (`AUTERITY_BASE_URL_<INTEGRATION>`, which may do without credentials), the
 * vendor, and, where required credentials are missing, the sandbox (`AUTERITY_SANDBOX_URL`). Throws
 * `failed_precondition` from `caller`, naming the missing field, when there is nothing to call.
 */
export function chooseTarget(aim: Aim, settings: Settings): Target {
  const { integration, action, credentials } = aim;
  const { id, auth, http } = integration;
  const methods = methodsOf(auth, action);
  const complete = methods.find((method) => missingField(method, credentials) === undefined);
  const setting = `AUTERITY_BASE_URL_${constantCase(id)}`;
  const override = settings[setting];
  if (override !== undefined && override !== "") {
    const method = complete ?? methods[0];
    return { ...ownTarget(setting, override, ""), method, config: configOf(aim, method, true) };
  }
  if (complete !== undefined) {
    const config = configOf(aim, complete, false);
    const baseUrl = expand(http.baseUrl, config);
    return { baseUrl, method: complete, config, ownOrigin: undefined, sandboxed: false };
  }
  const sandbox = settings["AUTERITY_SANDBOX_URL"];
  if (sandbox !== undefined && sandbox !== "") {
    const own = ownTarget("AUTERITY_SANDBOX_URL", sandbox, `/${id}`);
    return { ...own, method: undefined, config: configOf(aim, methods[0], true), sandboxed: true };
  }
  throw incomplete(aim, methods[0]);
}

function configOf(
  { integration, connection, credentials }: Aim,
  method: Auth | undefined,
  examples: boolean,
): ConfigValues {
  const fields = method?.config ?? {};
  const given = Object.keys(fields).map((name) => [name, credentials.get(name)?.reveal()] as const);
  const where = { connection: `${integration.id}/${connection}`, examples };
  return readConfig(fields, Object.fromEntries(given), where);
}

function incomplete(
  { integration, connection, credentials }: Aim,
  method: Auth | undefined,
): Fault {
  const { id } = integration;
  const field = (method && missingField(method, credentials)) ?? "credential";
  return new Fault(
    "failed_precondition",
    `integration.connection: ${id}/${connection} has no "${field}"; run "npm run connect -- ${id}", set AUTERITY_SECRET_${constantCase(id)}_${constantCase(field)} or store it in the vault`,
    { origin: "caller", details: { integration: id, connection, field } },
  );
}

function ownTarget(
  setting: string,
  value: string,
  suffix: string,
): Pick<Target, "baseUrl" | "ownOrigin" | "sandboxed"> {
  const url = URL.parse(value);
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "") {
    throw new Fault(
      "failed_precondition",
      `integration.settings: ${setting} is no base url; correct it`,
    );
  }
  const baseUrl = url.href.replace(/\/+$/, "") + suffix;
  return { baseUrl, ownOrigin: url.origin, sandboxed: false };
}
