import type { Ports, Settings } from "#shared/function";
import { azureBlobs } from "../drivers/blob-storage.ts";
import { accountSetting } from "./account-setting.ts";

/** Containers of the storage account `AUTERITY_BLOB_ACCOUNT`. Throws `failed_precondition` where it is missing. */
export function azureBlob(settings: Settings): Ports["blob"] {
  return azureBlobs(accountSetting(settings, "AUTERITY_BLOB_ACCOUNT"));
}
