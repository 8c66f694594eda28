/** What an identity may do in a cloud: the cloud's own actions or roles, on one of its resources. */
export type CloudPermission = { readonly resource: string; readonly actions: readonly string[] };

/** What each function may do, by its name; sorted by resource. */
export type CloudPermissions = ReadonlyMap<string, readonly CloudPermission[]>;

/** One entry per resource with all its actions, sorted. */
export function mergePermissions(all: readonly CloudPermission[]): readonly CloudPermission[] {
  const byResource = Map.groupBy(all, ({ resource }) => resource);
  return [...byResource]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([resource, group]) => ({
      resource,
      actions: [...new Set(group.flatMap(({ actions }) => actions))].toSorted(),
    }));
}
