import { Fault } from "#shared/errors";
import type { Api } from "#shared/integration";
import * as z from "zod";
import type { GetFileInput, GetFileOutput } from "../actions/workflows/get-file.ts";
import type { PutFileInput, PutFileOutput } from "../actions/workflows/put-file.ts";
import { blobSha, fileAt, readFile } from "./file.ts";

/** Runs `put-file`. */
export async function putFile(
  api: Api,
  { owner, repo, path, content, message, branch, sha: replaced }: PutFileInput,
): Promise<PutFileOutput> {
  const file = fileAt(owner, repo, path);
  try {
    const done = await api.request({
      method: "PUT",
      path: file,
      json: {
        message,
        branch,
        sha: replaced,
        content: Buffer.from(content).toString("base64"),
      },
      response: z.object({
        content: z.object({ sha: z.string() }),
        commit: z.object({ sha: z.string() }),
      }),
    });
    return { sha: done.content.sha, commit: done.commit.sha };
  } catch (error) {
    // A repeat of what has happened finds the file as it was to be.
    const refused =
      Fault.is(error) && /^(?:failed_precondition|invalid_argument)$/.test(error.code);
    const present = refused ? await readFile(api, file, branch) : undefined;
    if (present === undefined || present.sha !== blobSha(content)) throw error;
    return { sha: present.sha, commit: null };
  }
}

/** Runs `get-file`. */
export async function getFile(
  api: Api,
  { owner, repo, path, ref }: GetFileInput,
): Promise<GetFileOutput> {
  return { file: (await readFile(api, fileAt(owner, repo, path), ref)) ?? null };
}
