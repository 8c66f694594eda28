import type { Target } from "#shared/function";
import {
  type DeploymentRecord,
  monthlyCost,
  type MonthlyCost,
  NOTHING_DEPLOYED,
  permissionChanges,
  type PermissionChanges,
  resourceChanges,
  type ResourceChanges,
} from "#shared/plan";
import type { DeployedCloud } from "./deployed-cloud.ts";
import { type Difference, differencesOn } from "./differences.ts";
import { books } from "./price-books.ts";
import { loadsOf, type Traffic } from "./traffic.ts";

export type CloudPlan = {
  readonly target: Target;
  readonly resources: ResourceChanges;
  readonly permissions: PermissionChanges;
  /** If this cloud has all the traffic. */
  readonly cost: MonthlyCost;
  readonly differences: readonly Difference[];
};

/** What a deployment would change, what it would cost, and what to know about it. */
export type Plan = {
  readonly stage: string;
  /** When the stage was deployed last; `undefined` for the first time. */
  readonly since: string | undefined;
  readonly clouds: readonly CloudPlan[];
};

/** Compares what was rendered with what was recorded. */
export function makePlan(
  stage: string,
  clouds: readonly DeployedCloud[],
  record: DeploymentRecord | undefined,
  traffic: Traffic,
): Plan {
  return {
    stage,
    since: record?.recordedAt,
    clouds: clouds.map((cloud) => {
      const before = record?.clouds[cloud.target] ?? NOTHING_DEPLOYED;
      return {
        target: cloud.target,
        resources: resourceChanges(before.resources, cloud.state.resources),
        permissions: permissionChanges(before.permissions, cloud.state.permissions),
        cost: monthlyCost(
          books[cloud.target],
          loadsOf(cloud.manifest.functions, cloud.target, traffic),
        ),
        differences: differencesOn(cloud),
      };
    }),
  };
}

/** Whether some function could do more than before. */
export function isWidened({ clouds }: Plan): boolean {
  return clouds.some(({ permissions }) => permissions.widened.length > 0);
}
