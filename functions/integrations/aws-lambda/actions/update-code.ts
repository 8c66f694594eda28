import { path } from "#shared/integration";
import * as z from "zod";
import { Fn } from "./get-function.ts";
import { architecture, functionName, lambdaAction, revisionId } from "../client.ts";

/** Below the package's top, and nowhere else. */
const place = z.string().regex(/^(?!\.{1,2}(?:\/|$))[\w.@-]+(?:\/(?!\.{1,2}(?:\/|$))[\w.@-]+)*$/);
const files = z
  .array(
    z.strictObject({
      path: place.max(200),
      text: z.string().max(1_000_000),
      executable: z.boolean().optional(),
    }),
  )
  .min(1)
  .max(50)
  .refine((given) => new Set(given.map(({ path: one }) => one)).size === given.length, {
    message: "names a file twice",
  });

/** A package: its text files or a zip, up to what fits through a cloud's gateway, from a bucket, or an image in ECR. */
const zipped = [
  z.strictObject({ files }),
  z.strictObject({ zip: z.base64().min(1).max(4_000_000) }),
  z.strictObject({
    bucket: z.string().regex(/^[\w.-]{3,63}$/),
    key: z.string().min(1).max(1_024),
    objectVersion: z.string().max(1_024).optional(),
  }),
] as const;
export const archive = z.union(zipped);
export const code = z.union([...zipped, z.strictObject({ image: z.string().min(1).max(512) })]);

export const updateCode = lambdaAction("UpdateFunctionCode", {
  summary: "Give a function other code; await-function says when it is in use",
  effect: "write",
  idempotency: { kind: "natural", why: "the same code twice is the same code" },
  input: z.object({
    functionName,
    code,
    architecture: architecture.optional(),
    publish: z.boolean().optional(),
    /** Only if nobody has changed the function since. */
    revisionId: revisionId.optional(),
    /** Only checks it. */
    dryRun: z.boolean().optional(),
  }),
  output: Fn,
  call: ({ functionName: name, code: given, architecture: one, ...rest }, { codeMembers }) => ({
    method: "PUT",
    path: path`/2015-03-31/functions/${name}/code`,
    json: {
      ...codeMembers(given),
      Architectures: one === undefined ? undefined : [one],
      Publish: rest.publish,
      RevisionId: rest.revisionId,
      DryRun: rest.dryRun,
    },
  }),
  answer: ({ FnAnswer }) => FnAnswer,
});
