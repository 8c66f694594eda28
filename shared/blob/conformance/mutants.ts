import { overlay } from "#shared/faults";
import type { Mutant } from "#shared/testing";
import type { BlobDriver } from "../driver.ts";

const unconditional = { kind: "any" } as const;

/** Defects that drivers of blob stores have had, here and elsewhere. */
export function blobMutants<D extends BlobDriver>(): readonly Mutant<D>[] {
  return [...writeMutants<D>(), ...readMutants<D>(), ...signMutants<D>()];
}

function writeMutants<D extends BlobDriver>(): readonly Mutant<D>[] {
  return [
    mutant("drops the condition of a write", ["B01", "B02", "B04", "B05"], (driver) => ({
      put: (put, signal) => driver.put({ ...put, condition: unconditional }, signal),
    })),
    mutant("drops the condition of a deletion", ["B02"], (driver) => ({
      delete: (at, _, signal) => driver.delete(at, unconditional, signal),
    })),
    mutant("forgets the content type", ["B03", "B11"], (driver) => ({
      put: (put, signal) => driver.put({ ...put, contentType: "text/plain" }, signal),
    })),
    mutant("takes all bytes for text", ["B08"], (driver) => ({
      put: (put, signal) => {
        const body = Buffer.from(Buffer.from(put.body).toString());
        return driver.put({ ...put, body, metadata: {} }, signal);
      },
    })),
    mutant("looks at no case of keys", ["B17"], (driver) => ({
      put: ({ at, ...put }, signal) =>
        driver.put({ ...put, at: { ...at, key: at.key.toLowerCase() } }, signal),
    })),
    mutant("swallows the errors of writes", ["B29", "B33"], (driver) => ({
      put: (put, signal) => driver.put(put, signal).catch(() => ({ ok: true, etag: '"0"' })),
      delete: (at, condition, signal) => driver.delete(at, condition, signal).catch(() => true),
    })),
  ];
}

function readMutants<D extends BlobDriver>(): readonly Mutant<D>[] {
  return [
    mutant("ignores a range", ["B09", "B10"], (driver) => ({
      get: (at, _, signal) => driver.get(at, undefined, signal),
    })),
    mutant("takes a failed read for an absent blob", ["B29", "B33"], (driver) => ({
      get: (...asked) => driver.get(...asked).catch(() => undefined),
      head: (...asked) => driver.head(...asked).catch(() => undefined),
    })),
    mutant("lists in another order", ["B17", "B18", "B19"], (driver) => ({
      list: async (...asked) => (await driver.list(...asked)).toReversed(),
    })),
    mutant("ignores where a list was to go on", ["B18", "B19"], (driver) => ({
      list: (listing, signal) => driver.list({ ...listing, after: undefined }, signal),
    })),
    mutant("lists the key that it was to go on after", ["B18", "B19"], (driver) => ({
      list: (listing, signal) =>
        driver.list({ ...listing, after: listing.after?.slice(0, -1) }, signal),
    })),
    mutant("ignores the prefix of a list", ["B17", "B20"], (driver) => ({
      list: (listing, signal) => driver.list({ ...listing, prefix: "" }, signal),
    })),
  ];
}

function signMutants<D extends BlobDriver>(): readonly Mutant<D>[] {
  return [
    mutant("signs for longer than it was asked", ["B30", "B31"], (driver) => ({
      sign: (signing, signal) =>
        driver.sign({ ...signing, expiresInSeconds: signing.expiresInSeconds + 60 }, signal),
    })),
    mutant("signs for another blob", ["B30", "B31"], (driver) => ({
      sign: ({ at, ...signing }, signal) =>
        driver.sign({ ...signing, at: { ...at, key: `${at.key}2` } }, signal),
    })),
    mutant("signs reads where writes were asked for", ["B31"], (driver) => ({
      sign: (signing, signal) => driver.sign({ ...signing, access: "read" }, signal),
    })),
  ];
}

function mutant<D extends BlobDriver>(
  defect: string,
  caughtBy: readonly string[],
  change: (driver: BlobDriver) => Partial<BlobDriver>,
): Mutant<D> {
  return { defect, caughtBy, wrap: (driver) => overlay(driver, { ...change(driver) }) };
}
