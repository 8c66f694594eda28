import type { Code } from "#shared/errors";
import * as z from "zod";

/** The parts of an SDK's error that say what happened; every one of them may be missing. */
const SdkError = z.object({
  name: z.string().optional(),
  code: z.union([z.string(), z.number()]).optional(),
  statusCode: z.number().optional(),
  substatus: z.number().optional(),
  cause: z.unknown().optional(),
  // Table Storage says it in the body alone, Blob Storage in a header where there is no body.
  details: z
    .object({
      odataError: z.object({ code: z.string() }).optional(),
      errorCode: z.string().optional(),
    })
    .optional()
    .catch(undefined),
});

/** By HTTP status: https://learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes */
const byStatus: Readonly<Record<number, Code>> = {
  400: "invalid_argument",
  401: "unauthenticated",
  403: "permission_denied",
  404: "not_found",
  408: "deadline_exceeded",
  // A conflict that is no row's: a table that is being deleted, a partition that is being split.
  409: "unavailable",
  410: "unavailable",
  412: "aborted",
  413: "too_large",
  429: "resource_exhausted",
  // Cosmos DB's "retry with", for concurrent writers of one item.
  449: "aborted",
  500: "unavailable",
  502: "unavailable",
  503: "unavailable",
  504: "deadline_exceeded",
};

/** By name, where a status is missing or says less. */
const byCode: Readonly<Record<string, Code>> = {
  // The partition is over its limit and did nothing, which 503 alone does not say:
  // https://learn.microsoft.com/azure/storage/common/scalability-targets-standard-account
  ServerBusy: "resource_exhausted",
  RequestBodyTooLarge: "too_large",
  EntityTooLarge: "too_large",
  OperationTimedOut: "deadline_exceeded",
  TimeoutError: "deadline_exceeded",
  AbortError: "cancelled",
  // The request may have arrived: https://learn.microsoft.com/javascript/api/@azure/core-rest-pipeline/resterror
  REQUEST_SEND_ERROR: "unavailable",
  PARSE_ERROR: "unavailable",
  ECONNREFUSED: "unavailable",
  ECONNRESET: "unavailable",
  ENOTFOUND: "unavailable",
  EAI_AGAIN: "unavailable",
  EPIPE: "unavailable",
  ETIMEDOUT: "deadline_exceeded",
};

/** The category of an error of Azure's HTTP clients; `undefined` for what is none of theirs. */
export function codeOfRest(error: unknown): Code | undefined {
  const { name = "", cause } = read(error);
  const code =
    byCode[serviceCode(error) ?? ""] ?? byCode[name] ?? byStatus[statusOf(error).status ?? 0];
  // Cosmos DB's client wraps what a batch threw.
  return code ?? (cause === undefined ? undefined : codeOfRest(cause));
}

/** The HTTP status of an error, and Cosmos DB's finer one. */
export function statusOf(error: unknown): {
  status?: number | undefined;
  substatus?: number | undefined;
} {
  const { code, statusCode, substatus } = read(error);
  return { status: statusCode ?? (typeof code === "number" ? code : undefined), substatus };
}

/** The service's own name for what happened, where it gave one. */
export function serviceCode(error: unknown): string | undefined {
  const { code, details } = read(error);
  return (
    details?.odataError?.code ?? (typeof code === "string" ? code : undefined) ?? details?.errorCode
  );
}

/** The option by which the SDKs learn when to stop. */
export function during(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}

function read(error: unknown): z.infer<typeof SdkError> {
  return SdkError.safeParse(error).data ?? {};
}
