import { Fault } from "#shared/errors";
import type { ClientScope, Grant } from "#shared/function";
import { only } from "#shared/portable";
import { Bucket } from "./bucket.ts";
import type { BlobPorts } from "./objects.ts";

/** What a function may be granted on a bucket: the names of its methods. `sign` lets others read and write. */
export type BlobVerb = "get" | "put" | "delete" | "list" | "sign";

/** A bucket as a value: its name and how long its blobs are kept. */
export interface BucketRef {
  readonly kind: "blob";
  readonly name: string;
  /** The store's lifecycle rule deletes blobs some time after so many days; `undefined` keeps them. */
  readonly ttlDays: number | undefined;
  /** The permission for some verbs, for `uses`; the client has exactly these methods. */
  grant<const Verb extends BlobVerb>(...verbs: Verb[]): Grant<Pick<Bucket, Verb>>;
}

// Container names of Azure, and room for the prefix that S3's and Cloud Storage's names need, which are everybody's:
// https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata
const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const MAX_NAME_LENGTH = 40;

/** Declares a bucket. Pure data; nothing is created. Throws `invalid_argument` for a name that no cloud would take. */
export function bucket(name: string, options: { readonly ttlDays?: number } = {}): BucketRef {
  if (!NAME.test(name) || name.length < 3 || name.length > MAX_NAME_LENGTH) {
    throw new Fault(
      "invalid_argument",
      `blob.define: "${name}" is no portable name; use kebab-case of 3 to ${MAX_NAME_LENGTH} characters`,
    );
  }
  const { ttlDays } = options;
  if (ttlDays !== undefined && (!Number.isInteger(ttlDays) || ttlDays < 1)) {
    throw new Fault("invalid_argument", `blob.define: ttlDays of "${name}" is no number of days`);
  }
  const ref: BucketRef = {
    kind: "blob",
    name,
    ttlDays,
    grant: (...verbs) => ({
      kind: "blob",
      resource: name,
      verbs,
      definition: ref,
      connect: (ports, scope) => only(openBucket(ref, ports, scope), verbs),
    }),
  };
  return ref;
}

/** A whole bucket on behalf of an invocation, for code that is no function. */
export function openBucket(ref: BucketRef, ports: BlobPorts, scope: ClientScope): Bucket {
  return new Bucket(ref, ports, scope);
}
