import type { Code } from "#shared/errors";
import {
  type Api,
  type ApiPath,
  type ApiTarget,
  type ErrorOf,
  list,
  path,
} from "#shared/integration";
import * as z from "zod";

/** Google's errors in the order of their numbers: https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto */
const rpcCodes: readonly (readonly [name: string, code: Code])[] = [
  ["OK", "internal"],
  ["CANCELLED", "cancelled"],
  ["UNKNOWN", "unavailable"],
  ["INVALID_ARGUMENT", "invalid_argument"],
  ["DEADLINE_EXCEEDED", "deadline_exceeded"],
  ["NOT_FOUND", "not_found"],
  ["ALREADY_EXISTS", "already_exists"],
  ["PERMISSION_DENIED", "permission_denied"],
  ["RESOURCE_EXHAUSTED", "resource_exhausted"],
  ["FAILED_PRECONDITION", "failed_precondition"],
  ["ABORTED", "aborted"],
  ["OUT_OF_RANGE", "invalid_argument"],
  ["UNIMPLEMENTED", "unimplemented"],
  ["INTERNAL", "unavailable"],
  ["UNAVAILABLE", "unavailable"],
  ["DATA_LOSS", "internal"],
  ["UNAUTHENTICATED", "unauthenticated"],
];

const Info = z.object({
  reason: z.string(),
  metadata: z.object({ permission: z.string().nullish(), service: z.string().nullish() }).nullish(),
});

const Failed = z.object({
  error: z.object({ status: z.string(), details: z.array(z.unknown()).nullish() }),
});

/**
 * What Google says of a failure: https://google.aip.dev/193. A 404 is left to its status, so that actions may take it for
 * an answer.
 */
export const errorOf: ErrorOf = ({ status, body }) => {
  const failed = Failed.safeParse(body).data?.error;
  if (failed === undefined || status < 400 || status === 404) return undefined;
  const code = rpcCodes.find(([name]) => name === failed.status)?.[1];
  if (code === undefined) return undefined;
  const info = failed.details?.map((one) => Info.safeParse(one).data).find(Boolean);
  return { code, reason: adviceOf(info) ?? info?.reason ?? failed.status };
};

/** What to do about the reasons of https://pkg.go.dev/google.golang.org/genproto/googleapis/api/error_reason */
function adviceOf(info: z.infer<typeof Info> | undefined): string | undefined {
  const { permission, service } = info?.metadata ?? {};
  switch (info?.reason) {
    case "IAM_PERMISSION_DENIED":
      return `IAM_PERMISSION_DENIED: grant ${permission ?? "the permission"} to the service account`;
    case "SERVICE_DISABLED":
      return `SERVICE_DISABLED: enable ${service ?? "the API"} in the project`;
    default:
      return undefined;
  }
}

/** Where Google describes the methods of functions, services and triggers. */
export const docsOf = {
  functions:
    "https://cloud.google.com/functions/docs/reference/rest/v2/projects.locations.functions",
  services: "https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services",
  triggers: "https://cloud.google.com/eventarc/docs/reference/rest/v1/projects.locations.triggers",
} as const;

/** Of what is named by its caller. */
export const createdOnce = {
  kind: "natural",
  why: "the id names it: a second one is refused as ALREADY_EXISTS and changes nothing",
} as const;

/** Of what is deleted. */
export const deletedOnce = {
  kind: "natural",
  why: "what is gone is not found, and stays gone",
} as const;

/** A region: https://cloud.google.com/run/docs/locations; the connection's where it is left out. */
export const location = z
  .string()
  .regex(/^[a-z]+-[a-z]+\d{1,2}$/)
  .optional();

/** https://cloud.google.com/functions/docs/reference/rest/v2/projects.locations.functions/create */
export const functionId = z.string().regex(/^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/);
/** Fewer than 50 characters: https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services/create */
export const serviceId = z.string().regex(/^[a-z](?:[a-z0-9-]{0,47}[a-z0-9])?$/);
export const revisionId = z.string().regex(/^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/);
/** A service account's e-mail. */
export const account = z.email().max(200);
/** https://cloud.google.com/resource-manager/docs/creating-managing-labels#requirements */
export const labels = z.record(
  z.string().regex(/^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u),
  z.string().regex(/^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u),
);
/** https://cloud.google.com/run/docs/configuring/services/environment-variables */
export const env = z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().max(32_768));
/** An environment variable whose value is a version of a secret of Secret Manager. */
export const secrets = z.array(
  z.object({
    key: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/),
    secret: z.string().regex(/^[\w-]{1,255}$/),
    version: z.string().regex(/^(?:latest|\d{1,9})$/),
  }),
);
/** In Google's units: `256Mi`, `1Gi`; up to 32 GiB: https://cloud.google.com/run/docs/configuring/services/memory-limits */
export const memory = z.string().regex(/^\d{1,5}(?:k|M|G|Ki|Mi|Gi)$/);
/** From 0.08 to 1, or whole: https://cloud.google.com/run/docs/configuring/services/cpu */
export const cpu = z.string().regex(/^(?:0\.(?:0[89]|[1-9]\d?)\d{0,2}|[12468])$/);
/** https://cloud.google.com/run/docs/about-concurrency */
export const concurrency = z.int().min(1).max(1_000);
/** https://cloud.google.com/run/docs/configuring/request-timeout */
export const timeoutSeconds = z.int().min(1).max(3_600);

/** The region asked for, or the connection's own. */
export function regionFor(api: Api, asked: string | undefined): string {
  return asked ?? api.config["region"] ?? "";
}

/** The path of the connection's project. */
export function inProject(api: Api): ApiPath {
  return path`/projects/${api.config["project"] ?? ""}`;
}

/** The path of a region of the project. */
export function inRegion(api: Api, asked: string | undefined): ApiPath {
  return path`${inProject(api)}/locations/${regionFor(api, asked)}`;
}

/** The last segment of a resource's name. */
export function idOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** The region in a resource's name, `projects/p/locations/l/…`. */
export function regionOf(name: string): string {
  return name.split("/")[3] ?? "";
}

/** Which API runs an operation. */
export const operationApi = z.enum(["functions", "services", "triggers"]);
export const operationName = z
  .string()
  .regex(/^projects\/[\w:.-]+\/locations\/[\w-]+\/operations\/[\w.-]+$/);

/** A change that goes on after the answer: `get-operation` tells how it ends. */
export const Operation = z.object({
  api: operationApi,
  name: z.string(),
  state: z.enum(["running", "succeeded", "failed"]),
  /** What is changed. */
  target: z.string().nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});

/** https://google.aip.dev/151; Cloud Run's metadata is the resource, that of the others names it. */
function operationOf(api: z.infer<typeof operationApi>) {
  return z
    .object({
      name: z.string(),
      done: z.boolean().nullish(),
      error: z.object({ code: z.int(), message: z.string().nullish() }).nullish(),
      metadata: z.object({ target: z.string().nullish(), name: z.string().nullish() }).nullish(),
    })
    .transform(({ name, done, error, metadata }): z.infer<typeof Operation> => ({
      api,
      name,
      state: done !== true ? "running" : error ? "failed" : "succeeded",
      target: metadata?.target ?? metadata?.name ?? null,
      error: error
        ? { code: rpcCodes[error.code]?.[0] ?? String(error.code), message: error.message ?? "" }
        : null,
    }));
}

const hosts = { services: { host: "run" }, triggers: { host: "eventarc" }, functions: {} } as const;

/** Begins or looks at a change of functions, services or triggers: the call, as which operation its answer is read. */
export function operation(
  kind: z.infer<typeof operationApi>,
  call: Pick<ApiTarget, "method" | "path" | "query" | "json">,
) {
  return { ...call, ...hosts[kind], response: operationOf(kind) };
}

/** What a list gives: items, and where the rest begins. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

/** Where to go on, as the answer before told. */
export const from = z.string().min(1).optional();

/** Reads up to 500 items, or ten pages, of a list: https://google.aip.dev/158 */
export async function readPages<T extends z.ZodType>(
  api: Api,
  target: Pick<ApiTarget, "host" | "path" | "query">,
  read: {
    /** The member of the answer that holds the items. */
    readonly member: string;
    readonly item: T;
    readonly from?: string | undefined;
  },
): Promise<{ items: z.output<T>[]; next: string | null }> {
  const response = z
    .looseObject({ nextPageToken: z.string().nullish() })
    .transform((page, context) => {
      const found = z.array(read.item).safeParse(page[read.member] ?? []);
      if (found.success) return { next: page.nextPageToken, items: found.data };
      context.addIssue({ code: "custom", message: "is no list of items", path: [read.member] });
      return z.NEVER;
    });
  const { items, next } = await list(
    api,
    { method: "GET", ...target, query: { pageSize: 100, ...target.query }, response },
    {
      kind: "cursor",
      param: "pageToken",
      items: (page) => page.items,
      next: (page) => page.next,
    },
    { from: read.from, enough: 500 },
  );
  return { items: [...items], next };
}
