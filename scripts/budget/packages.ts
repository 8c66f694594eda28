import { resolve } from "node:path";
import type { Metafiles } from "../build/build.ts";
import { coldImportMs } from "./cold-import.ts";
import { functionStarts } from "./functions.ts";

/** What a packaged function loads when it starts, minified, and how long that takes in an empty process. */
export type PackageCost = { readonly startBytes: number; readonly coldImportMs: number };

/** Any will do: an entry reads its settings when it is loaded, and reaches nothing. */
const SETTINGS = {
  AUTERITY_STATE_TABLE: "table",
  AUTERITY_QUEUE_URL: "https://queue.example",
  AUTERITY_TOPIC_ARN: "arn:aws:sns:eu-central-1:000000000000",
  AUTERITY_BUCKET_PREFIX: "bucket-",
  AUTERITY_COSMOS_ACCOUNT: "https://cosmos.example",
  AUTERITY_QUEUE_ACCOUNT: "https://queue.example",
  AUTERITY_BLOB_ACCOUNT: "https://blob.example",
  AUTERITY_TOPIC_ENDPOINT: "https://{topic}.example/api/events",
  AUTERITY_VAULT_URL: "https://vault.example",
  GOOGLE_CLOUD_PROJECT: "project",
};

/** Start bytes of everything that is deployed, by `<cloud>/<function>`. */
export function packageSizes(metafiles: Metafiles): Readonly<Record<string, number>> {
  const starts = Object.entries(deployed(metafiles));
  return Object.fromEntries(starts.map(([name, { bytes }]) => [name, bytes]));
}

/** Costs of everything that is deployed. What `known` holds with the same size is not measured again. */
export function packageCosts(
  metafiles: Metafiles,
  known: Readonly<Record<string, PackageCost>>,
): Readonly<Record<string, PackageCost>> {
  return Object.fromEntries(
    Object.entries(deployed(metafiles)).map(([name, { bytes, file }]) => {
      const before = known[name];
      if (before?.startBytes === bytes) return [name, before];
      const cost = { startBytes: bytes, coldImportMs: coldImportMs([resolve(file)], SETTINGS) };
      return [name, cost];
    }),
  );
}

/** Entries and the functions of Azure's app; not the SDKs, which wait for their first use. */
function deployed(metafiles: Metafiles): ReturnType<typeof functionStarts> {
  const starts = Object.entries(functionStarts(metafiles));
  return Object.fromEntries(starts.filter(([, { source }]) => source.includes(".build/entries/")));
}
