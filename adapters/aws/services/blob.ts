import { type Ports, requiredSetting, type Settings } from "#shared/function";
import { s3Blobs } from "../drivers/blob-s3.ts";

/** Buckets of S3, their names behind `AUTERITY_BUCKET_PREFIX`. Throws `failed_precondition` where it is missing. */
export function awsBlob(settings: Settings): Ports["blob"] {
  const purpose = "what the names of buckets begin with";
  return s3Blobs({ bucketPrefix: requiredSetting(settings, "AUTERITY_BUCKET_PREFIX", purpose) });
}
