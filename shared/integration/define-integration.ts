import { Fault } from "#shared/errors";
import type { Failure } from "#shared/http";
import type { Handshake, Place, WebhookScheme } from "#shared/webhooks";
import type * as z from "zod";
import type { Auth } from "./auth.ts";
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

/** How the vendor is reached. */
export type VendorHttp = {
  readonly baseUrl: `https://${string}`;
  /** Sent with every request, such as an API version. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For one attempt; 10 when left out. */
  readonly timeoutSeconds?: number;
  readonly errorOf?: ErrorOf;
};

/** What the vendor sends, how it proves that it did, and where it says what it is. */
export type VendorWebhooks = {
  readonly docs: `https://${string}`;
  readonly verify: WebhookScheme;
  /** The credential field that holds the secret. `<field>-previous` is tried too, for rotation. */
  readonly secretField: string;
  readonly handshakes?: readonly Handshake[];
  /** By which a repeated delivery is recognised. */
  readonly deliveryId: Place;
  readonly type: Place;
  /** Payloads we know. Other types are accepted with whatever they carry. */
  readonly events: Readonly<Record<string, z.ZodType>>;
};

/** A published limit of the vendor, for the catalogue. */
export type RateLimit = {
  /** What it counts by, in the vendor's words. */
  readonly scope: string;
  readonly requests: number;
  readonly perSeconds: number;
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
  readonly auth: Auth;
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

/** `integration-` is put before it, and function names end at 40 characters. */
const ID = /^(?=.{2,28}$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** Declares an integration. Pure data. Throws `invalid_argument` for a definition that contradicts itself. */
export function defineIntegration<ActionId extends string>(
  spec: Integration<ActionId>,
): Integration {
  const refuse = (what: string): Fault =>
    new Fault("invalid_argument", `integration.define: "${spec.id}" ${what}`);
  if (!ID.test(spec.id)) throw refuse("is no id; use kebab-case of 2 to 28 characters");
  if (spec.actions[spec.health]?.effect !== "read")
    throw refuse("needs a read as its health action");
  const { webhooks, auth } = spec;
  if (webhooks !== undefined && auth.fields[webhooks.secretField] === undefined) {
    throw refuse(`verifies with "${webhooks.secretField}"; declare it among auth.fields`);
  }
  const broken = brokenPromise(spec.catalog, { ...spec, events: webhooks?.events ?? {} });
  if (broken !== undefined) throw refuse(broken);
  return spec;
}
