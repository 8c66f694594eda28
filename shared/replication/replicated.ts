import { type AcrossClouds, canonicalJson } from "#shared/state";
import type * as z from "zod";
import { type Join, lastWriter, mergedBy } from "./version.ts";

/** A store whose rows converge on all clouds. */
export type Replicated = { readonly store: string; readonly join: Join };

/** What of a store's declaration tells how two versions of a row become one. */
type Declared<V> = {
  readonly name: string;
  readonly schema: z.ZodType<V>;
  readonly acrossClouds: AcrossClouds<V>;
};

/** How versions of a store's rows become one, as the store declares it. */
export function replicated<V>(declared: Declared<V>): Replicated {
  const { name, schema, acrossClouds } = declared;
  if (typeof acrossClouds === "string") return { store: name, join: lastWriter };
  const parse = (text: string): V => schema.parse(JSON.parse(text));
  return {
    store: name,
    join: mergedBy((a, b) => canonicalJson(schema.parse(acrossClouds.merge(parse(a), parse(b))))),
  };
}

/** Which stores span clouds, by name: plain data, for who writes to them. */
export type Spread = { readonly home: readonly string[]; readonly replicated: readonly string[] };

/** The spread of some stores. */
export function spreadOf(
  stores: readonly Pick<Declared<unknown>, "name" | "acrossClouds">[],
): Spread {
  const names = (isMeant: (across: AcrossClouds<unknown>) => boolean): string[] =>
    stores
      .filter(({ acrossClouds }) => isMeant(acrossClouds))
      .map(({ name }) => name)
      .toSorted();
  return {
    home: names((across) => across === "home"),
    replicated: names((across) => across !== "home" && across !== "separate"),
  };
}
