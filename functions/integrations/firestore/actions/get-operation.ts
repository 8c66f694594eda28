import { defineAction, poll } from "#shared/integration";
import * as z from "zod";
import { Operation, VendorOperation } from "../admin.ts";
import { reference, scopes } from "../client.ts";
import { placeOf, requireWholeDatabase, resource } from "../place.ts";

export const getOperation = defineAction({
  summary: "See how far an index or a TTL policy is, and wait for it if there is time",
  docs: `${reference}/projects.databases.operations/get`,
  scopes,
  effect: "read",
  input: z.object({
    operation: z.string().regex(/^[\w=-]{1,500}$/),
    waitSeconds: z.int().min(0).max(600).default(0),
  }),
  output: Operation,
  async run(api, { operation, waitSeconds }) {
    const { databaseName } = requireWholeDatabase(placeOf(api));
    const { state } = await poll(
      api,
      {
        method: "GET",
        path: resource(`${databaseName}/operations/${operation}`),
        response: VendorOperation,
      },
      { done: ({ done }) => done, maxWaitMs: waitSeconds * 1_000 },
    );
    return state;
  },
});
