import { Fault } from "#shared/errors";
import { escapeKey, unescapeKey } from "#shared/portable";

/** S3 and Cloud Storage end at 1,024 bytes, Azure at 1,024 characters; the rest is for the tenant. */
const MAX_KEY_CHARACTERS = 700;
const MAX_PHYSICAL_CHARACTERS = 1_000;
/** No escaped text holds it, and it sorts after all of them: no key reaches into another tenant's. */
const SEPARATOR = "~~";
const CURSOR = /^[A-Za-z0-9._~-]{1,700}$/;

/** A tenant's keys in a bucket: what functions call a key, and where it lies. */
export type TenantKeys = {
  /** Throws `invalid_argument` for a key that is empty, no well-formed text or too long. */
  physical(key: string): string;
  /** The inverse of `physical`. */
  logical(physical: string): string;
  /** What all physical keys begin with whose keys begin so. Throws `invalid_argument` for no well-formed text. */
  prefix(keyPrefix: string): string;
  /** A physical key as a place in a list that may be shown, and back. Throws `invalid_argument` for no such place. */
  cursor(physical: string): string;
  after(cursor: string): string;
};

/** The keys of a tenant. Throws `invalid_argument` for a tenant whose name leaves no room for keys. */
export function tenantKeys(tenant: string): TenantKeys {
  const own = `${escapeKey(tenant)}${SEPARATOR}`;
  if (own.length > MAX_PHYSICAL_CHARACTERS - MAX_KEY_CHARACTERS) {
    throw refused("the tenant's name is too long for a key; shorten it");
  }
  return {
    physical(key) {
      if (key === "") throw refused("the key is empty; give it a value");
      const escaped = escapeText(key);
      if (escaped.length <= MAX_KEY_CHARACTERS) return `${own}${escaped}`;
      throw refused(
        `the key has ${escaped.length} characters when escaped, at most ${MAX_KEY_CHARACTERS} fit; shorten it`,
      );
    },
    logical: (physical) => unescapeKey(physical.slice(own.length)),
    prefix: (keyPrefix) => `${own}${escapeText(keyPrefix)}`,
    cursor: (physical) => physical.slice(own.length),
    after(cursor) {
      if (CURSOR.test(cursor)) return `${own}${cursor}`;
      throw refused("this is no cursor; pass the one of the page before", "caller");
    },
  };
}

// Two lone surrogates encode to the same bytes: two keys would be one.
function escapeText(text: string): string {
  if (text.isWellFormed()) return escapeKey(text);
  throw refused("this is no well-formed text; correct it");
}

function refused(what: string, origin: "caller" | "self" = "self"): Fault {
  return new Fault("invalid_argument", `blob.key: ${what}`, { origin });
}
