import type { CloudState } from "./deployment-record.ts";

/** An argument of a resource whose value differs; `undefined` where it is not set. */
export type ArgumentChange = {
  readonly name: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
};

export type ResourceChanges = {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly {
    readonly resource: string;
    readonly arguments: readonly ArgumentChange[];
  }[];
};

/** Actions that a function gains or loses on one resource. */
export type PermissionChange = {
  readonly function: string;
  readonly resource: string;
  readonly actions: readonly string[];
};

export type PermissionChanges = {
  readonly widened: readonly PermissionChange[];
  readonly narrowed: readonly PermissionChange[];
};

/** What would be made, changed and removed; sorted by name. */
export function resourceChanges(
  before: CloudState["resources"],
  after: CloudState["resources"],
): ResourceChanges {
  const changed = namesOf(after).flatMap((resource) => {
    const from = before[resource];
    if (from === undefined) return [];
    const differing = argumentChanges(from, after[resource] ?? {});
    return differing.length === 0 ? [] : [{ resource, arguments: differing }];
  });
  return {
    added: namesOf(after).filter((name) => !Object.hasOwn(before, name)),
    removed: namesOf(before).filter((name) => !Object.hasOwn(after, name)),
    changed,
  };
}

/** What functions could do that they could not before, and the reverse; sorted by function and resource. */
export function permissionChanges(
  before: CloudState["permissions"],
  after: CloudState["permissions"],
): PermissionChanges {
  return { widened: beyond(before, after), narrowed: beyond(after, before) };
}

function argumentChanges(
  from: Readonly<Record<string, string>>,
  to: Readonly<Record<string, string>>,
): ArgumentChange[] {
  return namesOf({ ...from, ...to })
    .map((name) => ({ name, from: from[name], to: to[name] }))
    .filter((change) => change.from !== change.to);
}

/** What `all` allows and `base` does not. */
function beyond(
  base: CloudState["permissions"],
  all: CloudState["permissions"],
): PermissionChange[] {
  return namesOf(all).flatMap((name) =>
    namesOf(all[name] ?? {}).flatMap((resource) => {
      const known = new Set(base[name]?.[resource]);
      const actions = (all[name]?.[resource] ?? []).filter((action) => !known.has(action));
      return actions.length === 0 ? [] : [{ function: name, resource, actions }];
    }),
  );
}

function namesOf(record: object): string[] {
  return Object.keys(record).toSorted();
}
