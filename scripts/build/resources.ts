import type { FunctionDefinition } from "#shared/function";
import { type Need, pipelineUses } from "#shared/host";

/** What has to exist in a cloud before functions can run there, by name and in a stable order. */
export type Resources = { readonly stores: readonly string[]; readonly queues: readonly string[] };

/** The resources that functions use, or the pipeline for them. */
export function resourcesOf(definitions: readonly FunctionDefinition[]): Resources {
  const needs: readonly Need[] = definitions.flatMap((definition) => [
    ...Object.values(definition.uses),
    ...pipelineUses(definition),
  ]);
  const names = (kind: Need["kind"]): string[] =>
    [
      ...new Set(needs.filter((need) => need.kind === kind).map(({ resource }) => resource)),
    ].toSorted();
  return { stores: names("state"), queues: names("queue") };
}
