import { type Element, labelOf, resource } from "#shared/terraform";
import type { Parts } from "./parts.ts";

/** The buckets, which nobody can make public, by `blob/<name>`. */
export function bucketsOf({ manifest, names, options }: Parts): ReadonlyMap<string, Element> {
  return new Map(
    manifest.buckets.map(({ name, ttlDays }) => [
      `blob/${name}`,
      resource("google_storage_bucket", labelOf("bucket", name), {
        name: `${names.bucketPrefix}${name}`,
        location: options.region,
        uniform_bucket_level_access: true,
        public_access_prevention: "enforced",
        lifecycle_rule:
          ttlDays === undefined
            ? undefined
            : [{ action: { type: "Delete" }, condition: { age: ttlDays } }],
      }),
    ]),
  );
}
