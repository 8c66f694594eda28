import { type Auth, type Auths, type BasicFields, configFields, secretFields } from "#shared/auth";
import { Fault } from "#shared/errors";
import type { Failure } from "#shared/http";
import { type Handshake, type Place, schemeDefect, type WebhookScheme } from "#shared/webhooks";
import type * as z from "zod";
import type { Action } from "./define-action.ts";
import { brokenPromise, type Promises } from "./promises.ts";

/** A vendor's answer as `errorOf` sees it: parsed JSON, or `undefined` where the body is none. */
export type VendorAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
};

/** Finds failures that the status hides or tells wrongly; `undefined` leaves it to the status. */
export type ErrorOf = (answer: VendorAnswer) => Failure | undefined;

/** A host of the vendor beside the one of `baseUrl`. */
export type VendorHost = {
  /**
   * May hold `{names}`: `https://lambda.{region}.amazonaws.com`. Each stands for one DNS label, or one segment of the path,
   * that the call gives (`at`) or the connection has as a setting.
   */
  readonly baseUrl: `https://${string}`;
  /**
   * Instead of the connection's credentials none are sent: pre-signed URLs, tokens of the action's own. Or its fields are
   * sent by HTTP's basic authentication: a token service beside an API that takes tokens.
   */
  readonly auth?: "connection" | "none" | { readonly basic: BasicFields };
  /** The signing name of AWS here, where it is not that of the method: one connection reaches several services. */
  readonly service?: string;
  /** Instead of those of the integration. */
  readonly headers?: Readonly<Record<string, string>>;
};

/** How the vendor is reached. */
export type VendorHttp = {
  /** May hold the `{names}` of settings; `https://{name}` alone is a host that only the connection knows. */
  readonly baseUrl: `https://${string}`;
  /** By the name that calls give as `host`. */
  readonly hosts?: Readonly<Record<string, VendorHost>>;
  /** Sent with every request, such as an API version. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For one attempt; 10 when left out. */
  readonly timeoutSeconds?: number;
  /** The longest answer that is read; 8 MiB when left out. */
  readonly maxResponseBytes?: number;
  readonly errorOf?: ErrorOf;
};

/** A fixed type for requests that have something at a place, and say no type themselves. */
export type FixedType = { readonly always: string; readonly when: Place };

/** For deliveries without an id: equal bytes are the same delivery. */
export type BodyDigest = { readonly digest: "sha256" };

/** What a vendor hears that waits for a decision about an event. */
export type Decision = {
  readonly status: 200 | 403;
  readonly body: unknown;
  /** What was decided and why: kept with the event, and told to its functions. */
  readonly because: Readonly<Record<string, string | boolean | null>>;
};

/**
 * Decides from an event and the connection's settings alone, whatever the event looks like. What it throws is heard, too: a
 * vendor that gets no decision lets nobody through.
 */
export type Decide = (
  event: { readonly type: string; readonly payload: unknown },
  setting: (name: string) => string,
) => Decision | Promise<Decision>;

/** What the vendor sends, how it proves that it did, and where it says what it is. */
export type VendorWebhooks = {
  readonly docs: `https://${string}`;
  readonly verify: WebhookScheme;
  /** The credential field that holds the secret. `<field>-previous` is tried too, for rotation. */
  readonly secretField: string;
  readonly handshakes?: readonly Handshake[];
  /** By which a repeated delivery is recognised: the first of these that is there. */
  readonly deliveryId: Place | readonly (Place | BodyDigest)[];
  /** The first of these that is there. */
  readonly type: Place | readonly (Place | FixedType)[];
  /** Set where the vendor also sends forms, which become objects; `json` names the one field that holds JSON instead. */
  readonly form?: { readonly json?: string };
  /** Set where one request carries several events: the body is the list, or one of its fields is. */
  readonly batch?: "body" | { readonly field: string };
  /** Members of an event whose text may be JSON: it is kept, and `field` places are read, as what that says. */
  readonly nested?: readonly string[];
  /** What the vendor wants to hear; 202 and the delivery id where it is left out. */
  readonly ack?: { readonly status: 200 | 201 | 202 | 204; readonly body?: unknown };
  /** Members of an event that are never kept: credentials of others. */
  readonly omit?: readonly string[];
  /** Set where actions read what came (`api.received`); events then stay for so long, and for a week where it is left out. */
  readonly log?: { readonly keepDays: number };
  /** Set where the vendor waits for a decision, and holds somebody up meanwhile; it hears this instead of `ack`. */
  readonly decide?: Decide;
  /** Payloads we know. Other types are accepted with whatever they carry. */
  readonly events: Readonly<Record<string, z.ZodType>>;
  /** What all events of the vendor have, for the types that `events` does not name. */
  readonly otherEvents?: z.ZodType;
};

/** A published limit of the vendor: for the catalogue, and to stay below it. */
export type RateLimit = {
  /** What it counts by, in the vendor's words. */
  readonly scope: string;
  readonly requests: number;
  readonly perSeconds: number;
  /**
   * Beginnings of the paths (with `METHOD ` before them, if only that counts) whose requests are held back, per connection,
   * when they would exceed it; left out, the limit only stands in the catalogue, and the vendor's own answers pace requests.
   */
  readonly counts?: readonly string[];
  readonly docs: `https://${string}`;
};

export type Category =
  | "ai"
  | "chat"
  | "ci"
  | "compute"
  | "containers"
  | "crm"
  | "data"
  | "identity"
  | "messaging"
  | "observability"
  | "payments"
  | "vector"
  | "work";

/** One third party, wholly as data: everything else (routes, catalogue, sandbox, permissions) is derived. */
export type Integration<ActionId extends string = string> = {
  /** kebab-case, the name of its folder. */
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly category: Category;
  readonly docs: `https://${string}`;
  readonly auth: Auths;
  readonly http: VendorHttp;
  readonly limits: readonly RateLimit[];
  /** The action that shows whether a connection works. */
  readonly health: NoInfer<ActionId>;
  /** By id, which is `verb-noun` and the name of the file. */
  readonly actions: Readonly<Record<ActionId, Action>>;
  readonly webhooks?: VendorWebhooks;
  readonly catalog: Promises<NoInfer<ActionId>> & {
    /** How to obtain the credentials, step by step. */
    readonly setup: readonly string[];
  };
};

/** What is written of an integration: one method of authentication may stand without a list around it. */
export type IntegrationSpec<ActionId extends string = string> = Omit<
  Integration<ActionId>,
  "auth"
> & { readonly auth: Auth | Auths };

/** `integration-` is put before it, and function names end at 40 characters. */
const ID = /^(?=.{2,28}$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** Declares an integration. Pure data. Throws `invalid_argument` for a definition that contradicts itself. */
export function defineIntegration<ActionId extends string>(
  spec: IntegrationSpec<ActionId>,
): Integration {
  const refuse = (what: string): Fault =>
    new Fault("invalid_argument", `integration.define: "${spec.id}" ${what}`);
  if (!ID.test(spec.id)) throw refuse("is no id; use kebab-case of 2 to 28 characters");
  if (spec.actions[spec.health]?.effect !== "read")
    throw refuse("needs a read as its health action");
  const { webhooks } = spec;
  const auth: Auths = "kind" in spec.auth ? [spec.auth] : spec.auth;
  if (webhooks !== undefined && secretFields(auth)[webhooks.secretField] === undefined) {
    throw refuse(`verifies with "${webhooks.secretField}"; declare it among auth.fields`);
  }
  const unknown = unknownField(spec.http, auth);
  if (unknown !== undefined)
    throw refuse(`sends "${unknown}" to a host; declare it among its fields`);
  const defect = webhooks && schemeDefect(webhooks.verify);
  if (defect !== undefined) throw refuse(defect);
  const broken = brokenPromise(spec.catalog, { ...spec, events: webhooks?.events ?? {} });
  if (broken !== undefined) throw refuse(broken);
  return { ...spec, auth };
}

/** A field that a host takes and no method of authentication has. */
function unknownField({ hosts = {} }: VendorHttp, auth: Auths): string | undefined {
  const known = { ...secretFields(auth), ...configFields(auth) };
  return Object.values(hosts)
    .flatMap((host) => (typeof host.auth === "object" ? Object.values(host.auth.basic) : []))
    .find((field) => !Object.hasOwn(known, field));
}
