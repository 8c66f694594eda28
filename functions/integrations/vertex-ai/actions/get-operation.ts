import { defineAction, path, poll } from "#shared/integration";
import * as z from "zod";
import { Operation, OperationAnswer } from "../client.ts";

export const getOperation = defineAction({
  summary: "How far an operation is: a deployment, an upload, a deletion",
  docs: "https://cloud.google.com/vertex-ai/docs/general/long-running-operations",
  scopes: ["aiplatform.operations.get"],
  effect: "read",
  input: z.object({
    /** As the action that began it has told. */
    operation: z.string().regex(/^(?:[a-zA-Z]{1,40}\/[\w@.-]{1,128}\/)?operations\/\d{1,30}$/),
    /** How long to wait for its end, as far as the invocation has time. */
    waitSeconds: z.int().min(0).max(600).default(0),
  }),
  output: Operation,
  async run(api, { operation, waitSeconds }) {
    const [kind = "", owner = "", operations, number = ""] = operation.split("/");
    const below =
      operations === undefined
        ? path`/${kind}/${owner}`
        : path`/${kind}/${owner}/${operations}/${number}`;
    const { state } = await poll(
      api,
      { method: "GET", path: below, response: OperationAnswer },
      { done: ({ done }) => done, firstWaitMs: 1_000, maxWaitMs: waitSeconds * 1_000 },
    );
    return state;
  },
});
