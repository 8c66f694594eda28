import { path } from "#shared/integration";
import * as z from "zod";
import { Fn } from "./get-function.ts";
import {
  arn,
  description,
  functionName,
  lambdaAction,
  revisionId,
  runtime,
  sameTwice,
} from "../client.ts";

/** https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html */
export const configuration = {
  role: z
    .string()
    .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/)
    .optional(),
  handler: z.string().regex(/^\S+$/).max(128).optional(),
  runtime: runtime.optional(),
  description: description.optional(),
  timeoutSeconds: z.int().min(1).max(900).optional(),
  memoryMb: z.int().min(128).max(10_240).optional(),
  storageMb: z.int().min(512).max(10_240).optional(),
  environment: z.record(z.string().regex(/^[a-zA-Z]\w+$/), z.string().max(4_096)).optional(),
  /** Versions of layers, at most five: https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html */
  layers: z.array(arn).max(5).optional(),
  tracing: z.enum(["Active", "PassThrough"]).optional(),
  snapStart: z.enum(["PublishedVersions", "None"]).optional(),
};

export const updateConfiguration = lambdaAction("UpdateFunctionConfiguration", {
  summary: "Change settings of a function; what is given replaces what was, environment as a whole",
  scopes: ["iam:PassRole", "lambda:GetLayerVersion"],
  effect: "write",
  idempotency: sameTwice,
  input: z.object({
    functionName,
    ...configuration,
    /** Only if nobody has changed the function since. */
    revisionId: revisionId.optional(),
  }),
  output: Fn,
  call: ({ functionName: name, revisionId: revision, ...settings }, { configurationMembers }) => ({
    method: "PUT",
    path: path`/2015-03-31/functions/${name}/configuration`,
    json: { ...configurationMembers(settings), RevisionId: revision },
  }),
  answer: ({ FnAnswer }) => FnAnswer,
});
