import { type Code, Fault } from "#shared/errors";
import { type Api, type ApiPath, type ErrorOf, list } from "#shared/integration";
import * as z from "zod";

/** The registry's errors: https://distribution.github.io/distribution/spec/api/#errors-2 */
const codes: Readonly<Record<string, Code>> = {
  DENIED: "permission_denied",
  MANIFEST_BLOB_UNKNOWN: "failed_precondition",
  TOOMANYREQUESTS: "resource_exhausted",
  UNAUTHORIZED: "unauthenticated",
  UNSUPPORTED: "unimplemented",
};

const RegistryFailed = z.object({ errors: z.array(z.object({ code: z.string() })).min(1) });
const HubFailed = z.object({ message: z.string().optional(), detail: z.string().optional() });

/** Names what the registry (codes) and Docker Hub (words) have against a request. A 404 says all by its status. */
export const errorOf: ErrorOf = ({ status, headers, body }) => {
  if (status < 400 || status === 404 || status >= 500) return undefined;
  if (status === 401) return refusal(headers["www-authenticate"]);
  const name = RegistryFailed.safeParse(body).data?.errors[0]?.code;
  const hub = HubFailed.safeParse(body).data;
  const reason = name ?? hub?.message ?? hub?.detail;
  if (status === 429) {
    return { code: "resource_exhausted", reason, retryAfterMs: endOfLimit(headers) };
  }
  const known = name !== undefined && Object.hasOwn(codes, name) ? codes[name] : undefined;
  const code = known ?? byStatus[status];
  return { code: code ?? "invalid_argument", reason };
};

const byStatus: Readonly<Record<number, Code>> = {
  402: "resource_exhausted",
  403: "permission_denied",
  405: "unimplemented",
  409: "already_exists",
  413: "too_large",
};

/** A token with too little in it is refused as if there were none: https://www.rfc-editor.org/rfc/rfc6750#section-3.1 */
function refusal(challenge: string | undefined): ReturnType<ErrorOf> {
  const reason = "insufficient_scope";
  return challenge?.includes(reason) === true ? { code: "permission_denied", reason } : undefined;
}

/** An epoch second of Docker Hub's clock: https://docs.docker.com/reference/api/hub/latest/#tag/rate-limiting */
function endOfLimit(headers: Readonly<Record<string, string>>): number | undefined {
  const waitMs = Number(headers["x-retry-after"]) * 1000 - Date.parse(headers["date"] ?? "");
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}

/** One part of a repository's name: https://docs.docker.com/reference/api/registry/latest/#tag/overview */
const PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";

/** `namespace/name`; official images are in `library`. */
export const repository = z
  .string()
  .max(255)
  .regex(new RegExp(`^${PART}/${PART}$`));
/** A person's or an organisation's name. */
export const namespace = z
  .string()
  .max(255)
  .regex(new RegExp(`^${PART}$`));
/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
export const tag = z.string().regex(/^\w[\w.-]{0,127}$/);
export const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
/** What an image is called within its repository. */
export const reference = z.union([digest, tag]);
export const image = { repository, reference };

/** Teams are called groups by the API. */
export const team = { organization: namespace, team: z.string().min(1).max(255) };

/** The platform whose image is meant; an image that has only one is meant anyway. */
export const platform = z
  .string()
  .regex(/^[a-z0-9]+\/[a-z0-9_]+(?:\/[a-z0-9]+)?$/)
  .default("linux/amd64");

/** What the registry may answer with, best first. */
export const MANIFEST_TYPES = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** For lists: where to go on, as the answer before told. */
export const from = z.string().optional();

/** What a list gives: items, and where the rest begins. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

/** The namespace and the name of a repository. */
export function partsOf(name: string): readonly [string, string] {
  const [space = "", rest = ""] = name.split("/");
  return [space, rest];
}

/** Reads up to a thousand items of a list of Docker Hub's, a hundred a page. */
export async function readPages<T extends z.ZodType>(
  api: Api,
  path: ApiPath,
  item: T,
  read: { readonly from?: string | undefined; readonly query?: Readonly<Record<string, string>> },
): Promise<{ items: z.output<T>[]; next: string | null }> {
  const response = z.object({ next: z.string().nullish(), results: z.array(item) });
  const { items, next } = await list(
    api,
    { method: "GET", path, query: { ...read.query, page_size: 100 }, response },
    {
      kind: "url",
      items: (page) => page.results,
      next: (page) => page.next,
      params: ["page"],
    },
    { from: read.from, enough: 1_000 },
  );
  return { items: [...items], next };
}

/** For what answers with nothing but that it is done. */
export const Done = z.object({});

/** What a deletion gives; `false` for what was not there. */
export const Deleted = z.object({ deleted: z.boolean() });

/** https://docs.docker.com/reference/api/hub/latest/operations/GetRepository/ */
export const Repository = z.object({
  repository: z.string(),
  description: z.string().nullable(),
  isPrivate: z.boolean(),
  pulls: z.int(),
  stars: z.int(),
  updatedAt: z.string().nullable(),
});

export const RepositoryAnswer = z
  .object({
    namespace: z.string(),
    name: z.string(),
    description: z.string().nullish(),
    is_private: z.boolean(),
    pull_count: z.int().nullish(),
    star_count: z.int().nullish(),
    last_updated: z.string().nullish(),
  })
  .transform((given) => ({
    repository: `${given.namespace}/${given.name}`,
    description: given.description ?? null,
    isPrivate: given.is_private,
    pulls: given.pull_count ?? 0,
    stars: given.star_count ?? 0,
    updatedAt: given.last_updated ?? null,
  }));

/** A fault of what the registry gave. */
export function upstream(code: Code, what: string): Fault {
  return new Fault(code, `docker-hub.registry: ${what}`, { origin: "upstream" });
}
