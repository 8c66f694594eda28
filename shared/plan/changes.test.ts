import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { permissionChanges, resourceChanges } from "./changes.ts";

const name = fc.constantFrom("a", "b", "c");
const resources = fc.dictionary(name, fc.dictionary(name, fc.constantFrom("1", "2")));
const permissions = fc.dictionary(
  name,
  fc.dictionary(name, fc.uniqueArray(fc.constantFrom("read", "write", "list"))),
);

describe("the changes of a plan", () => {
  it("tell what is added, removed and set otherwise", () => {
    const before = { gone: { size: "1" }, kept: { size: "1", name: '"x"' }, same: { size: "1" } };
    const after = { kept: { size: "2", tags: "{}" }, new: {}, same: { size: "1" } };
    expect(resourceChanges(before, after)).toEqual({
      added: ["new"],
      removed: ["gone"],
      changed: [
        {
          resource: "kept",
          arguments: [
            { name: "name", from: '"x"', to: undefined },
            { name: "size", from: "1", to: "2" },
            { name: "tags", from: undefined, to: "{}" },
          ],
        },
      ],
    });
  });

  it("are none between equals, and swap with their sides", () => {
    fc.assert(
      fc.property(resources, resources, (one, other) => {
        expect(resourceChanges(one, one)).toEqual({ added: [], removed: [], changed: [] });
        const there = resourceChanges(one, other);
        const back = resourceChanges(other, one);
        expect(there.added).toEqual(back.removed);
        expect(there.changed.map(({ resource }) => resource)).toEqual(
          back.changed.map(({ resource }) => resource),
        );
      }),
    );
  });

  it("tell which action on which resource a function gains or loses", () => {
    const before = { fold: { "table/rows": ["get", "put"] }, gone: { "queue/q": ["send"] } };
    const after = {
      fold: { "table/rows": ["get"], "queue/q": ["send"] },
      new: { "queue/q": ["x"] },
    };
    expect(permissionChanges(before, after)).toEqual({
      widened: [
        { function: "fold", resource: "queue/q", actions: ["send"] },
        { function: "new", resource: "queue/q", actions: ["x"] },
      ],
      narrowed: [
        { function: "fold", resource: "table/rows", actions: ["put"] },
        { function: "gone", resource: "queue/q", actions: ["send"] },
      ],
    });
  });

  it("widen nothing exactly where everything was allowed before", () => {
    fc.assert(
      fc.property(permissions, permissions, (before, after) => {
        const allowed = Object.entries(after).every(([fn, all]) =>
          Object.entries(all).every(([resource, actions]) =>
            actions.every((action) => before[fn]?.[resource]?.includes(action) === true),
          ),
        );
        expect(permissionChanges(before, after).widened.length === 0).toBe(allowed);
      }),
    );
  });
});
