import { type Api, type ApiPath, issuedUrl, path } from "#shared/integration";
import * as z from "zod";
import { partsOf, upstream } from "./client.ts";
import {
  altered,
  type Descriptor,
  digestOf,
  type Manifest,
  readManifestBytes,
} from "./manifest.ts";

/** What is done with a repository. */
export type Access = "pull" | "push" | "delete";

/** The registry, with a token for some repositories. */
export type Registry = { readonly api: Api; readonly headers: { readonly authorization: string } };

/** Where blobs are kept: https://docs.docker.com/desktop/setup/allow-list/ */
export const STORES = {
  "production.cloudflare.docker.com": "cloudflare",
  "production.cloudfront.docker.com": "cloudfront",
  "docker-images-prod.6aa30f8b08e16409b46e0173d6de2f56.r2.cloudflarestorage.com": "r2",
} as const;

const Bytes = z.instanceof(Uint8Array);
const Token = z.object({ token: z.string().min(1) });

/** Gets a token for what is to be done: https://docs.docker.com/reference/api/registry/auth/ */
export async function openRegistry(
  api: Api,
  access: Readonly<Record<string, readonly Access[]>>,
): Promise<Registry> {
  const scope = Object.entries(access).map(
    ([name, verbs]) => `repository:${name}:${verbs.join(",")}`,
  );
  const { token } = await api.request({
    method: "GET",
    host: "tokens",
    path: path`/token`,
    query: { service: "registry.docker.io", scope },
    response: Token,
  });
  return { api, headers: { authorization: `Bearer ${token}` } };
}

/** What copying from one repository to another takes. */
export function accessFor({ from, to }: { readonly from: string; readonly to: string }) {
  return { [from]: ["pull"], [to]: ["pull", "push"] } as const;
}

/** The manifest of a tag or digest; `undefined` where there is none. */
export async function findManifest(
  { api, headers }: Registry,
  repository: string,
  reference: string,
): Promise<Manifest | undefined> {
  const answer = await api.send({
    method: "GET",
    host: "registry",
    path: manifestPath(repository, reference),
    headers,
    read: "bytes",
    accept: [404],
    response: Bytes,
  });
  if (answer.status === 404) return undefined;
  const asked = isDigest(reference) ? reference : answer.headers["docker-content-digest"];
  return readManifestBytes(answer.body, answer.headers["content-type"], asked);
}

/** The manifest of a tag or digest. Throws `not_found` from `upstream`. */
export async function readManifest(
  registry: Registry,
  repository: string,
  reference: string,
): Promise<Manifest> {
  const found = await findManifest(registry, repository, reference);
  if (found !== undefined) return found;
  throw upstream("not_found", `${repository} has no ${reference}; correct the tag or digest`);
}

/** Puts a manifest under a tag or its digest. */
export async function writeManifest(
  { api, headers }: Registry,
  repository: string,
  reference: string,
  { bytes, mediaType: type, digest }: Pick<Manifest, "bytes" | "mediaType" | "digest">,
): Promise<void> {
  const answer = await api.send({
    method: "PUT",
    host: "registry",
    path: manifestPath(repository, reference),
    headers,
    body: { kind: "bytes", bytes, type },
    read: "text",
    response: z.string(),
  });
  if ((answer.headers["docker-content-digest"] ?? digest) !== digest) throw altered();
}

/** Deletes by digest; false for what was not there. */
export async function deleteManifest(
  { api, headers }: Registry,
  repository: string,
  digest: string,
): Promise<boolean> {
  const { status } = await api.send({
    method: "DELETE",
    host: "registry",
    path: manifestPath(repository, digest),
    headers,
    accept: [404],
    read: "text",
    response: z.string(),
  });
  return status !== 404;
}

/**
 * Lets a repository have a blob of another one without sending it. Throws `failed_precondition` from `upstream` where the
 * registry wants it uploaded instead.
 */
export async function mountBlob(
  { api, headers }: Registry,
  to: string,
  { digest: mount }: Descriptor,
  source: string,
): Promise<void> {
  const { status } = await api.send({
    method: "POST",
    host: "registry",
    path: path`/v2/${partsOf(to)[0]}/${partsOf(to)[1]}/blobs/uploads/`,
    query: { mount, from: source },
    headers,
    read: "text",
    response: z.string(),
  });
  if (status === 201) return;
  throw upstream(
    "failed_precondition",
    `the registry does not share blobs of ${source} with ${to}; let the token's owner pull ${source}`,
  );
}

/** The content of a blob, checked. It is kept elsewhere, at an address that needs no token. */
export async function readBlob(
  { api, headers }: Registry,
  repository: string,
  { digest, size }: Descriptor,
): Promise<Uint8Array> {
  const [space, name] = partsOf(repository);
  const answer = await api.send({
    method: "GET",
    host: "registry",
    path: path`/v2/${space}/${name}/blobs/sha256:${hexOf(digest)}`,
    headers,
    read: "bytes",
    accept: [302, 307],
    response: Bytes,
  });
  const bytes =
    answer.status < 300 ? answer.body : await readStored(api, answer.headers["location"]);
  if (bytes.length !== size || digestOf(bytes) !== digest) throw altered();
  return bytes;
}

/** The kit refuses addresses that are below no declared host. */
function readStored(api: Api, location = ""): Promise<Uint8Array> {
  const name = URL.parse(location)?.hostname ?? "";
  const host = Object.entries(STORES).find(([store]) => store === name)?.[1] ?? "cloudflare";
  return api.request({
    method: "GET",
    host,
    path: issuedUrl(location),
    read: "bytes",
    response: Bytes,
  });
}

function manifestPath(repository: string, reference: string): ApiPath {
  const [space, name] = partsOf(repository);
  return isDigest(reference)
    ? path`/v2/${space}/${name}/manifests/sha256:${hexOf(reference)}`
    : path`/v2/${space}/${name}/manifests/${reference}`;
}

function isDigest(reference: string): boolean {
  return reference.includes(":");
}

/** Digests without their algorithm, which is always the same. */
export function hexOf(digest: string): string {
  return digest.slice("sha256:".length);
}
