import { type Code, Fault } from "#shared/errors";
import { type Api, type ErrorOf, list, path } from "#shared/integration";
import * as z from "zod";

/** By number, as operations and jobs tell what went wrong: https://grpc.io/docs/guides/status-codes/ */
const statuses = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
];

/** `UNKNOWN` and `INTERNAL` are Google's own failures, which pass: https://google.aip.dev/193 */
const codes: Readonly<Record<string, Code>> = {
  ABORTED: "aborted",
  ALREADY_EXISTS: "already_exists",
  CANCELLED: "cancelled",
  DATA_LOSS: "internal",
  DEADLINE_EXCEEDED: "deadline_exceeded",
  FAILED_PRECONDITION: "failed_precondition",
  INTERNAL: "unavailable",
  INVALID_ARGUMENT: "invalid_argument",
  NOT_FOUND: "not_found",
  OUT_OF_RANGE: "invalid_argument",
  PERMISSION_DENIED: "permission_denied",
  RESOURCE_EXHAUSTED: "resource_exhausted",
  UNAUTHENTICATED: "unauthenticated",
  UNAVAILABLE: "unavailable",
  UNIMPLEMENTED: "unimplemented",
  UNKNOWN: "unavailable",
};

const Failed = z.object({
  error: z.object({
    status: z.string(),
    details: z
      .array(
        z.object({
          reason: z.string().optional().catch(undefined),
          metadata: z.object({ permission: z.string().optional() }).optional().catch(undefined),
          retryDelay: z.string().optional().catch(undefined),
        }),
      )
      .catch([]),
  }),
});

/** Google's errors, with the permission or the service that is missing: https://google.aip.dev/193 */
export const errorOf: ErrorOf = ({ body }) => {
  const failed = Failed.safeParse(Array.isArray(body) ? body[0] : body);
  if (!failed.success) return undefined;
  const { status, details } = failed.data.error;
  const code = Object.hasOwn(codes, status) ? codes[status] : undefined;
  if (code === undefined) return undefined;
  const detail = details.find(({ reason }) => reason !== undefined);
  const delay = details.find(({ retryDelay }) => retryDelay !== undefined)?.retryDelay;
  const [, seconds] = /^(\d{1,6}(?:\.\d+)?)s$/.exec(delay ?? "") ?? [];
  return {
    code,
    reason: [status, detail?.reason, detail?.metadata?.permission].filter(Boolean).join(" "),
    ...(seconds === undefined ? {} : { retryAfterMs: Math.ceil(Number(seconds) * 1000) }),
  };
};

/** The id of an endpoint or a job: the last part of its name. */
export const id = z.string().regex(/^[a-zA-Z0-9](?:[\w-]{0,126}[a-zA-Z0-9])?$/);
/** A model of the registry, with a version or an alias where not its default: `7890@2`. */
export const model = z.string().regex(/^[a-zA-Z0-9_-]{1,63}(?:@[a-zA-Z0-9-]{1,128})?$/);
/** A model that Google offers, such as `gemini-2.5-flash`. */
export const publisherModel = z.string().regex(/^[a-z0-9](?:[a-z0-9.@-]{0,100}[a-z0-9])?$/);
/** https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.endpoints#resource:-endpoint */
export const displayName = z.string().min(1).max(128);
/** https://cloud.google.com/vertex-ai/docs/general/labels */
export const labels = z
  .record(
    z.string().regex(/^[a-z][\w-]{0,62}$/),
    z.string().regex(/^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u),
  )
  .refine((given) => Object.keys(given).length <= 64, "has more than 64 labels");
/** An object or a folder of Cloud Storage. */
export const gcs = z.string().regex(/^gs:\/\/[a-z0-9][\w.-]{1,220}[a-z0-9](?:\/\S*)?$/);
/** Whole shares of an endpoint's traffic by deployed model. */
export const traffic = z
  .record(z.string().regex(/^\d{1,20}$/), z.int().min(0).max(100))
  .refine((shares) => Object.values(shares).reduce((sum, one) => sum + one, 0) === 100, {
    error: "does not add up to 100",
  });

/** https://cloud.google.com/vertex-ai/docs/predictions/configure-compute */
export const machine = z.object({
  type: z.string().regex(/^[a-z0-9-]{3,40}$/),
  accelerator: z
    .string()
    .regex(/^(?:NVIDIA|TPU)_[A-Z0-9_]{2,30}$/)
    .optional(),
  accelerators: z.int().min(1).max(16).optional(),
});

/** Variables of a container: https://cloud.google.com/vertex-ai/docs/reference/rest/v1/EnvVar */
export const environment = z.record(z.string().regex(/^[A-Za-z_]\w*$/), z.string());

/** Variables as Vertex spells them. */
export function variablesOf(env: z.infer<typeof environment> | undefined) {
  return env && Object.entries(env).map(([name, value]) => ({ name, value }));
}

/** A machine as Vertex spells it. */
export function machineSpec({ type, accelerator, accelerators }: z.infer<typeof machine>) {
  return {
    machineType: type,
    acceleratorType: accelerator,
    acceleratorCount: accelerator === undefined ? undefined : (accelerators ?? 1),
  };
}

/** The whole name of something in the connection's project and location. */
export function nameOf({ config }: Api, relative: string): string {
  return `projects/${config["project"] ?? ""}/locations/${config["location"] ?? ""}/${relative}`;
}

/** The last part of a name: an id. */
export function idOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

export const Failure = z.object({ code: z.string(), message: z.string() });

export const Status = z.object({ code: z.number().optional(), message: z.string().optional() });

/** A failure that an answer tells as data: its code, and Google's words for it. */
export function failureOf(status: z.infer<typeof Status>): z.infer<typeof Failure> {
  const { code = 2, message = "" } = status;
  return { code: codes[statuses[code] ?? "UNKNOWN"] ?? "unavailable", message };
}

/** A long-running operation. Not done yet: give its name to `get-operation`. */
export const Operation = z.object({
  operation: z.string(),
  done: z.boolean(),
  failure: Failure.optional(),
  /** What it was about and has made, once it is done. */
  endpoint: z.string().optional(),
  model: z.string().optional(),
  modelVersion: z.string().optional(),
  deployedModel: z.string().optional(),
});

/** https://google.aip.dev/151 */
export const OperationAnswer = z
  .object({
    name: z.string(),
    done: z.boolean().optional(),
    error: Status.optional(),
    response: z
      .object({
        name: z.string().optional(),
        model: z.string().optional(),
        modelVersionId: z.string().optional(),
        deployedModel: z.object({ id: z.string().optional() }).optional(),
      })
      .optional(),
  })
  .transform(({ name, done = false, error, response = {} }): z.infer<typeof Operation> => {
    const made = response.model ?? response.name ?? "";
    const [, endpoint] = /\/endpoints\/([^/]+)/.exec(made === "" ? name : made) ?? [];
    const [, registered] = /\/models\/([^/]+)/.exec(made === "" ? name : made) ?? [];
    return {
      operation: name.replace(/^projects\/[^/]+\/locations\/[^/]+\//, ""),
      done,
      failure: error === undefined ? undefined : failureOf(error),
      endpoint,
      model: registered,
      modelVersion: response.modelVersionId,
      deployedModel: response.deployedModel?.id,
    };
  });

/** For {@link readPages}: where to go on, as the answer before told, and what to look for. */
export const page = {
  from: z.string().min(1).optional(),
  /** In the vendor's syntax, such as `labels.team="search"`: https://google.aip.dev/160 */
  filter: z.string().min(1).max(2_000).optional(),
};

/** What a list gives: items, and where the rest begins. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

/** Reads up to 500 items of a collection, which its answer calls as its path does. */
export async function readPages<T extends z.ZodType>(
  api: Api,
  collection: "batchPredictionJobs" | "customJobs" | "endpoints" | "models" | "tuningJobs",
  item: T,
  { from, filter }: { readonly from?: string | undefined; readonly filter?: string | undefined },
): Promise<{ items: z.output<T>[]; next: string | null }> {
  const response = z
    .looseObject({ nextPageToken: z.string().optional() })
    .transform((answer, context) => {
      const found = z.array(item).safeParse(answer[collection] ?? []);
      if (found.success) return { items: found.data, next: answer.nextPageToken };
      context.addIssue({ code: "custom", message: "is no list of items", path: [collection] });
      return z.NEVER;
    });
  const { items, next } = await list(
    api,
    { method: "GET", path: path`/${collection}`, query: { pageSize: 100, filter }, response },
    { kind: "cursor", param: "pageToken", items: (one) => one.items, next: (one) => one.next },
    { from, enough: 500 },
  );
  return { items: [...items], next };
}

/** Something in the caller's input that no schema of one field can say. */
export function wrongInput(action: string, what: string): Fault {
  return new Fault("invalid_argument", `vertex-ai.${action}: ${what}`, { origin: "caller" });
}
