import { describe, expect, it } from "vitest";

/** Rules a driver cannot keep, by id, each with its reason. */
export type Exceptions = Readonly<Record<string, string>>;

/** Adds one rule to a suite. */
export type AddRule = (id: string, title: string, run: () => Promise<void>) => void;

/**
 * A conformance suite: the same rules for every driver of a port. An exception is run too and must fail, so that it
 * cannot outlive its reason.
 */
export function conformanceSuite(
  name: string,
  except: Exceptions,
  define: (rule: AddRule) => void,
): void {
  // oxlint-disable-next-line vitest/valid-title -- the driver's name is what tells the suites apart
  describe(name, () => {
    const ids = new Set<string>();
    define((id, title, run) => {
      ids.add(id);
      const reason = except[id];
      const [test, suffix] = reason === undefined ? [it, ""] : [it.fails, ` (except: ${reason})`];
      test(`${id} ${title}${suffix}`, run);
    });
    it("names only rules that exist in its exceptions", () => {
      expect(Object.keys(except).filter((id) => !ids.has(id))).toEqual([]);
    });
  });
}
