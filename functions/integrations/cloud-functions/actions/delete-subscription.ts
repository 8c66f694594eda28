import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { inProject } from "../client.ts";
import { subscriptionId } from "./create-subscription.ts";

export const deleteSubscription = defineAction({
  summary: "Delete a push subscription; messages that wait in it are lost",
  docs: "https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.subscriptions/delete",
  scopes: ["pubsub.subscriptions.delete"],
  effect: "write",
  idempotency: { kind: "natural", why: "one that is gone is taken for deleted" },
  input: z.object({ id: subscriptionId }),
  output: z.object({}),
  async run(api, { id }) {
    await api.request({
      method: "DELETE",
      host: "pubsub",
      path: path`${inProject(api)}/subscriptions/${id}`,
      response: z.unknown(),
      accept: [404],
    });
    return {};
  },
});
