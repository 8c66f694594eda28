import { defineAction, issuedUrl, path } from "#shared/integration";
import * as z from "zod";
import { docsOf, inRegion, location } from "../client.ts";

/** Where a source is: https://cloud.google.com/functions/docs/reference/rest/v2/projects.locations.functions#StorageSource */
export const StorageSource = z.object({
  bucket: z.string().regex(/^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/),
  object: z.string().min(1).max(1_024),
  generation: z
    .string()
    .regex(/^\d{1,20}$/)
    .optional(),
});

const Place = z.object({
  uploadUrl: z.string(),
  storageSource: z.object({
    bucket: z.string(),
    object: z.string(),
    generation: z.string().nullish(),
  }),
});

export const uploadSource = defineAction({
  summary: "Upload a function's source as a zip, for create-function and update-function",
  docs: `${docsOf.functions}/generateUploadUrl`,
  scopes: ["cloudfunctions.functions.sourceCodeSet"],
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "each upload has a place of its own; until a function is made of it nothing has changed",
  },
  input: z.object({
    location,
    /** The zip; what is larger does not fit through a cloud's gateway. */
    base64: z.base64().min(1).max(4_000_000),
  }),
  /** The `source` of the function. */
  output: StorageSource,
  async run(api, { location: asked, base64 }) {
    const { uploadUrl, storageSource } = await api.request({
      method: "POST",
      path: path`${inRegion(api, asked)}/functions:generateUploadUrl`,
      json: { environment: "GEN_2" },
      response: Place,
    });
    await api.request({
      method: "PUT",
      host: "uploads",
      path: issuedUrl(uploadUrl),
      body: { kind: "bytes", bytes: Buffer.from(base64, "base64"), type: "application/zip" },
      read: "text",
      timeoutSeconds: 60,
      response: z.string(),
    });
    const { bucket, object, generation } = storageSource;
    return { bucket, object, ...(generation ? { generation } : {}) };
  },
});
