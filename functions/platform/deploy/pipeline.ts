import { store } from "#shared/state";
import * as z from "zod";
import { Strategy } from "./plan.ts";

/** `owner/name` at GitHub. */
export const repository = z.string().regex(/^[\w.-]+\/[\w.-]+$/, "must be owner/name");
/** https://git-scm.com/docs/git-check-ref-format, and no longer than a store's key may be. */
export const tag = z.string().regex(/^(?!\/)[^\s~^:?*[\\\p{Cc}]{1,200}$/u, "must be a tag's name");

/** When an image may be deployed; `docker-hub.verify-image` says what the members mean. */
const Policy = z.object({
  keys: z.array(z.object({ name: z.string(), publicKey: z.string() })).min(1),
  requiredKeys: z.array(z.string()).min(1).optional(),
  repositories: z.array(z.string()).min(1).optional(),
  maxAgeDays: z.number().positive().optional(),
  denyUnsigned: z.boolean().default(true),
});

const lambda = z.object({
  cloud: z.literal("aws-lambda"),
  functionName: z.string().min(1),
  alias: z.string().min(1),
  /** What the new version is invoked with to see whether it is healthy: it must not change anything. */
  healthPayload: z.json().default({ health: true }),
});

const azure = z.object({
  cloud: z.literal("azure-functions"),
  resourceGroup: z.string().min(1),
  app: z.string().min(1),
  /** Where the workflow puts the release. */
  slot: z.string().min(1),
  /** Answers GET with `{"release": "<tag>"}` while it is well. By that the slots are told apart. */
  healthFunction: z.string().min(1),
});

const cloudRun = z.object({
  cloud: z.literal("cloud-functions"),
  service: z.string().regex(/^[a-z](?:[a-z0-9-]{0,39}[a-z0-9])?$/),
  location: z.string().min(1).optional(),
  /** Answers GET with 2xx while it is well. */
  healthPath: z
    .string()
    .regex(/^\/[!-~]*$/)
    .default("/"),
});

/** Where a release runs. */
export const Target = z.discriminatedUnion("cloud", [lambda, azure, cloudRun]);
export type LambdaTarget = z.infer<typeof lambda>;
export type AzureTarget = z.infer<typeof azure>;
export type CloudRunTarget = z.infer<typeof cloudRun>;

/** How the releases of a repository get to where they run. */
export const Pipeline = z.object({
  repository,
  /** Only tags that begin so are deployed by themselves. */
  tagPrefix: z.string().max(50).default("v"),
  /** The file of a workflow with a `workflow_dispatch` trigger; it is run at the tag. */
  workflow: z.string().min(1),
  buildMinutes: z.int().min(1).max(360).default(60),
  /** `namespace/name` at Docker Hub; the image's tag is the release's. */
  image: z.string().regex(/^[\w.-]+\/[\w.-]+$/, "must be namespace/name"),
  policy: Policy,
  target: Target,
  strategy: Strategy,
  health: z
    .object({
      everySeconds: z.int().min(5).max(600).default(30),
      /** So many checks in a row that fail take the release back. */
      failures: z.int().min(1).max(20).default(3),
    })
    .prefault({}),
  /** The id of the channel that is told: threads cannot be read by a channel's name. */
  channel: z.string().regex(/^[CGD][A-Z0-9]{8,}$/, "must be a channel's id"),
});
export type Pipeline = z.infer<typeof Pipeline>;

export const pipelines = store("deploy-pipelines", {
  schema: Pipeline,
  partition: "repository",
  sort: "repository",
  ttl: true,
  acrossClouds: "replicated",
});
