import { type Code, Fault } from "#shared/errors";
import { type Api, type ApiCall, type ApiPath, type ErrorOf, path } from "#shared/integration";
import * as z from "zod";

/** https://learn.microsoft.com/rest/api/appservice/operation-groups?view=rest-appservice-2023-12-01 */
const apiVersion = "2023-12-01";

/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftweb */
const siteName = z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,58}[A-Za-z0-9])$/);
export const slotName = z
  .string()
  .regex(/^(?!production$)[A-Za-z0-9](?:[A-Za-z0-9-]{0,57}[A-Za-z0-9])$/i);
export const planName = z.string().regex(/^[A-Za-z0-9-]{1,60}$/);
/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftresources */
export const resourceGroup = z.string().regex(/^[\w().-]{0,89}[\w()-]$/);
/** What the host takes: https://learn.microsoft.com/azure/azure-functions/functions-reference */
export const functionName = z.string().regex(/^[A-Za-z][\w-]{0,127}$/);

/** An app as it is in production. */
export const app = { resourceGroup, app: siteName };
/** An app, or one of its slots. */
export const site = { ...app, slot: slotName.optional() };
export type Site = z.infer<z.ZodObject<typeof site>>;

/** The path of an app or slot, and what is below it. */
export function sitePath(
  api: Api,
  { resourceGroup: group, app: name, slot }: Site,
  rest = path``,
): ApiPath {
  const parent = below(groupPath(api, group), path`/providers/Microsoft.Web/sites/${name}`);
  return below(slot === undefined ? parent : below(parent, path`/slots/${slot}`), rest);
}

/** The path of an App Service plan. */
export function planPath(api: Api, group: string, plan: string): ApiPath {
  return below(groupPath(api, group), path`/providers/Microsoft.Web/serverfarms/${plan}`);
}

export function groupPath(api: Api, group: string): ApiPath {
  return below(subscriptionPath(api), path`/resourceGroups/${group}`);
}

export function subscriptionPath({ config }: Api): ApiPath {
  return path`/subscriptions/${config["subscription-id"] ?? ""}`;
}

export function below(parent: ApiPath, rest: ApiPath): ApiPath {
  return { encoded: parent.encoded + rest.encoded };
}

/** The vendor's own name of a resource, which other resources point to. */
export function resourceId({ encoded }: ApiPath): string {
  return decodeURIComponent(encoded);
}

/** A call of the management API: the version is added. */
export function arm<O extends z.ZodType>(call: ApiCall<O>): ApiCall<O> {
  return { ...call, query: { ...call.query, "api-version": apiVersion } };
}

/** For calls whose answer says nothing that is used. */
export const Nothing = z.unknown();
export const Done = z.object({});

/** Deletes something that may be gone already. */
export async function remove(api: Api, target: ApiPath, query = {}): Promise<z.infer<typeof Done>> {
  await api.request(
    arm({ method: "DELETE", path: target, query, response: Nothing, accept: [404] }),
  );
  return {};
}

/**
 * Refuses to create what exists: a PUT would put its settings back. Throws `already_exists` from `caller`, whose words
 * say what to use instead.
 */
export async function refuseExisting(api: Api, target: ApiPath, instead: string): Promise<void> {
  const found = await api.send(
    arm({ method: "GET", path: target, response: Nothing, accept: [404] }),
  );
  if (found.status === 404) return;
  throw new Fault("already_exists", `azure-functions.create: this exists; ${instead}`, {
    origin: "caller",
  });
}

/** Times of the vendor have no zone and mean UTC. */
export const Time = z.string().transform((text, context) => {
  const ms = Date.parse(/(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`);
  if (!Number.isNaN(ms)) return new Date(ms).toISOString();
  context.issues.push({ code: "custom", input: text, message: "is no time" });
  return z.NEVER;
});

/** https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors */
const codes: Readonly<Record<string, Code>> = {
  AppServiceUnavailable: "unavailable",
  AuthorizationFailed: "permission_denied",
  ExpiredAuthenticationToken: "unauthenticated",
  InvalidAuthenticationToken: "unauthenticated",
  InvalidAuthenticationTokenTenant: "unauthenticated",
  LocationNotAvailableForResourceType: "invalid_argument",
  MissingSubscriptionRegistration: "failed_precondition",
  NotFound: "not_found",
  OperationNotAllowed: "failed_precondition",
  QuotaExceeded: "resource_exhausted",
  ReadOnlyDisabledSubscription: "failed_precondition",
  RequestDisallowedByPolicy: "permission_denied",
  ResourceGroupNotFound: "not_found",
  ResourceNotFound: "not_found",
  ScopeLocked: "failed_precondition",
  SubscriptionIsOverQuotaForSku: "resource_exhausted",
  SubscriptionNotFound: "not_found",
  SubscriptionRequestsThrottled: "resource_exhausted",
  TooManyRequests: "resource_exhausted",
};

/** Azure Resource Manager writes its errors small and in an envelope, App Service large and without one. */
const Failed = z.union([
  z.object({ error: z.object({ code: z.string(), message: z.string().nullish() }) }),
  z
    .object({ Code: z.string(), Message: z.string().nullish() })
    .transform(({ Code: code, Message: message }) => ({ error: { code, message } })),
]);

/** Only the management API says so; functions and the deployment site have errors of their own. */
const CORRELATION = "x-ms-correlation-request-id";

/** https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/find-error-code */
export const errorOf: ErrorOf = ({ status, headers, body }) => {
  const failed = Failed.safeParse(body);
  if (status < 400 || headers[CORRELATION] === undefined || !failed.success) return undefined;
  const { code: reason, message } = failed.data.error;
  const code = Object.hasOwn(codes, reason) ? codes[reason] : undefined;
  if (code !== undefined) return { code, reason };
  return status === 409 ? { code: conflictOf(message ?? ""), reason } : undefined;
};

/** One code stands for all conflicts; only the words tell them apart. */
function conflictOf(message: string): Code {
  if (/another operation is in progress/i.test(message)) return "aborted";
  return /already (?:exists|in use|taken)/i.test(message)
    ? "already_exists"
    : "failed_precondition";
}
