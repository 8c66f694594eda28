import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import {
  displayName,
  environment,
  gcs,
  labels,
  nameOf,
  Operation,
  OperationAnswer,
  variablesOf,
} from "../client.ts";

/** Letters, digits, dashes and underscores, and no digit or dash first. */
const modelId = z.string().regex(/^[a-z_][a-z0-9_-]{0,62}$/);
const route = z.string().regex(/^\/\S{0,1000}$/);

export const uploadModel = defineAction({
  summary: "Register a model: an image that serves, and what it loads; or a new version of a model",
  docs: "https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.models/upload",
  scopes: ["aiplatform.models.upload"],
  effect: "write",
  idempotency: {
    kind: "none",
    why: "a repeat adds another version to the model; look with get-model before the next try",
  },
  input: z.object({
    model: modelId,
    /** A new version of a model that is there; otherwise a new model. */
    isVersion: z.boolean().default(false),
    title: displayName,
    /** https://cloud.google.com/vertex-ai/docs/predictions/pre-built-containers, or one of your own. */
    image: z.string().regex(/^[\w./:@-]{3,500}$/),
    artifacts: gcs.optional(),
    command: z.array(z.string()).optional(),
    args: z.array(z.string()).optional(),
    env: environment.optional(),
    port: z.int().min(1).max(65_535).optional(),
    predictRoute: route.optional(),
    healthRoute: route.optional(),
    aliases: z.array(z.string().regex(/^[a-z][a-zA-Z0-9-]{0,126}[a-z0-9]$/)).optional(),
    labels: labels.optional(),
  }),
  output: Operation,
  run: (api, { model, isVersion, title, image, artifacts, env, port, aliases, ...given }) =>
    api.request({
      method: "POST",
      path: path`/models:upload`,
      json: {
        ...(isVersion ? { parentModel: nameOf(api, `models/${model}`) } : { modelId: model }),
        model: {
          displayName: title,
          artifactUri: artifacts,
          versionAliases: aliases,
          labels: given.labels,
          containerSpec: {
            imageUri: image,
            command: given.command,
            args: given.args,
            env: variablesOf(env),
            ports: port === undefined ? undefined : [{ containerPort: port }],
            predictRoute: given.predictRoute,
            healthRoute: given.healthRoute,
          },
        },
      },
      response: OperationAnswer,
    }),
});
