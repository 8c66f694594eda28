import * as z from "zod";
import { VendorValue } from "./value.ts";

// https://github.com/googleapis/google-cloudevents/blob/main/proto/google/events/cloud/firestore/v1/data.proto as JSON.
// A message that is not set is empty or left out.

const document = z.object({
  /** `projects/<project>/databases/<database>/documents/<path>` */
  name: z.string(),
  fields: z.record(z.string(), VendorValue).nullish(),
  createTime: z.string().nullish(),
  updateTime: z.string().nullish(),
});
const nothing = z.object({ name: z.undefined().optional() });
const before = z.union([document, nothing]).nullish();
/** Of an update: which fields were changed. */
const updateMask = z.object({ fieldPaths: z.array(z.string()).nullish() }).nullish();

const created = z.object({ value: document, oldValue: nothing.nullish(), updateMask });
const updated = z.object({ value: document, oldValue: document, updateMask });
const deleted = z.object({ value: nothing.nullish(), oldValue: document, updateMask });
const written = z.object({ value: before, oldValue: before, updateMask });

const type = "google.cloud.firestore.document.v1";

/** https://cloud.google.com/eventarc/docs/reference/supported-events#cloud-firestore, each also with who did it. */
export const events = {
  [`${type}.created`]: created,
  [`${type}.updated`]: updated,
  [`${type}.deleted`]: deleted,
  [`${type}.written`]: written,
  [`${type}.created.withAuthContext`]: created,
  [`${type}.updated.withAuthContext`]: updated,
  [`${type}.deleted.withAuthContext`]: deleted,
  [`${type}.written.withAuthContext`]: written,
};
