import { createHash } from "node:crypto";
import { type Api, type ApiPath, path } from "#shared/integration";
import * as z from "zod";

const Content = z.object({ type: z.literal("file"), sha: z.string(), content: z.string() });

/** A file as it is on a branch. */
export type GivenFile = { readonly sha: string; readonly text: string };

/** Where a file is; the slashes of its path are part of one parameter. */
export function fileAt(owner: string, repo: string, file: string): ApiPath {
  return path`/repos/${owner}/${repo}/contents/${file}`;
}

/** Reads a file of at most 1 MB, the most that GitHub gives: https://docs.github.com/rest/repos/contents#get-repository-content */
export async function readFile(
  api: Api,
  file: ApiPath,
  ref: string | undefined,
): Promise<GivenFile | undefined> {
  const { status, body } = await api.send({
    method: "GET",
    path: file,
    query: { ref },
    accept: [404],
    response: z.union([Content, z.object({ message: z.string() })]),
  });
  if (status === 404 || !("sha" in body)) return undefined;
  return { sha: body.sha, text: Buffer.from(body.content, "base64").toString() };
}

/** The name git has for content: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects#_object_storage */
export function blobSha(content: string): string {
  const bytes = Buffer.from(content);
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}
