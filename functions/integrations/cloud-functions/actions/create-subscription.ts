import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { account, createdOnce, inProject } from "../client.ts";

const topic = z.string().regex(/^projects\/[^/]+\/topics\/[^/]+$/);
/** https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names */
export const subscriptionId = z.string().regex(/^(?!goog)[A-Za-z][\w.~+%-]{2,254}$/);
const seconds = z.int().min(0).max(600);

export const createSubscription = defineAction({
  summary: "Have Pub/Sub push a topic's messages to a service, function or webhook, with a token",
  docs: "https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.subscriptions/create",
  scopes: [
    "pubsub.subscriptions.create",
    "pubsub.topics.attachSubscription",
    "iam.serviceAccounts.actAs",
  ],
  effect: "write",
  idempotency: createdOnce,
  input: z.object({
    id: subscriptionId,
    topic,
    endpoint: z.url({ protocol: /^https$/ }).max(2_000),
    /** Signs the token of each delivery. */
    serviceAccount: account,
    /** What the token is for; the endpoint itself where it is left out. */
    audience: z.string().min(1).max(2_000).optional(),
    ackDeadlineSeconds: z.int().min(10).max(600).default(60),
    /** Only messages with such attributes: https://cloud.google.com/pubsub/docs/filtering */
    filter: z.string().min(1).max(256).optional(),
    inOrder: z.boolean().default(false),
    /** How long Pub/Sub waits before it sends a message again. */
    backoff: z.object({ minSeconds: seconds, maxSeconds: seconds }).optional(),
    /** Where messages go that were sent in vain so often. */
    deadLetter: z.object({ topic, attempts: z.int().min(5).max(100) }).optional(),
  }),
  output: z.object({ id: z.string(), state: z.string() }),
  async run(api, { id, endpoint, backoff, deadLetter, ...given }) {
    const { state } = await api.request({
      method: "PUT",
      host: "pubsub",
      path: path`${inProject(api)}/subscriptions/${id}`,
      json: {
        topic: given.topic,
        ackDeadlineSeconds: given.ackDeadlineSeconds,
        filter: given.filter,
        enableMessageOrdering: given.inOrder,
        pushConfig: {
          pushEndpoint: endpoint,
          oidcToken: {
            serviceAccountEmail: given.serviceAccount,
            audience: given.audience ?? endpoint,
          },
        },
        retryPolicy: backoff && {
          minimumBackoff: `${backoff.minSeconds}s`,
          maximumBackoff: `${backoff.maxSeconds}s`,
        },
        deadLetterPolicy: deadLetter && {
          deadLetterTopic: deadLetter.topic,
          maxDeliveryAttempts: deadLetter.attempts,
        },
      },
      response: z.object({ state: z.string().nullish() }),
    });
    return { id, state: state ?? "STATE_UNSPECIFIED" };
  },
});
