import { type Ports, requiredSetting, type Settings } from "#shared/function";
import { cloudStorageBlobs } from "../drivers/blob-cloud-storage.ts";

/** Buckets of Cloud Storage behind `AUTERITY_BUCKET_PREFIX`. Throws `failed_precondition` where it is missing. */
export function gcpBlob(settings: Settings): Ports["blob"] {
  const purpose = "what the names of buckets begin with";
  return cloudStorageBlobs({
    bucketPrefix: requiredSetting(settings, "AUTERITY_BUCKET_PREFIX", purpose),
  });
}
