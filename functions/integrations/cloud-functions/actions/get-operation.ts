import { type ApiPath, defineAction, path, poll } from "#shared/integration";
import * as z from "zod";
import { Operation, operation, operationApi, operationName } from "../client.ts";

export const getOperation = defineAction({
  summary: "Tell how a change stands, and wait for its end if asked",
  docs: "https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.operations/get",
  scopes: ["cloudfunctions.operations.get", "run.operations.get", "eventarc.operations.get"],
  effect: "read",
  input: z.object({
    api: operationApi,
    name: operationName,
    /** At most, and as long as this call may take. */
    waitSeconds: z.int().min(0).max(600).default(0),
  }),
  output: Operation,
  async run(api, { api: which, name, waitSeconds }) {
    const { state } = await poll(api, operation(which, { method: "GET", path: pathOf(name) }), {
      done: ({ state: now }) => now !== "running",
      maxWaitMs: waitSeconds * 1_000,
    });
    return state;
  },
});

function pathOf(name: string): ApiPath {
  const [, project = "", , region = "", , id = ""] = name.split("/");
  return path`/projects/${project}/locations/${region}/operations/${id}`;
}
