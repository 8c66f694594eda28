import { type Element, labelOf, resource } from "#shared/terraform";
import { ROWS } from "../drivers/firestore-documents.ts";
import type { Parts } from "./parts.ts";

/** Fields of a row that no query asks for; their indexes would only cost writes. */
const UNINDEXED = ["data", "rev", "expiresAt"];

/**
 * The database of all stores. Index exemptions and the TTL policy are set on the one collection group that all rows
 * are in, whichever store they are of.
 */
export function firestoreOf({ manifest, names, options }: Parts): readonly Element[] {
  if (manifest.stores.length === 0) return [];
  const database = resource("google_firestore_database", "main", {
    name: names.database,
    location_id: options.region,
    type: "FIRESTORE_NATIVE",
    point_in_time_recovery_enablement: "POINT_IN_TIME_RECOVERY_ENABLED",
    delete_protection_state: "DELETE_PROTECTION_ENABLED",
  });
  const expire = manifest.stores.some(({ ttl }) => ttl);
  const fields = UNINDEXED.map((field) =>
    resource("google_firestore_field", labelOf(field), {
      database: database.get("name"),
      collection: ROWS,
      field,
      index_config: {},
      ...(field === "expiresAt" && expire ? { ttl_config: {} } : {}),
    }),
  );
  return [database, ...fields];
}
