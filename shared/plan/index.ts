export {
  type CloudPermission,
  type CloudPermissions,
  mergePermissions,
} from "./cloud-permission.ts";
export { forTarget } from "./for-target.ts";
export type {
  DeployBucket,
  DeployFunction,
  DeployManifest,
  DeployQueue,
  DeployStore,
  DeploySubscription,
  DeployTopic,
  DeployTrigger,
  Permission,
} from "./manifest.ts";
export { type NameRule, physicalNames } from "./physical-names.ts";
export type {
  Environments,
  Finding,
  LintCloud,
  LintInput,
  PhysicalName,
  Subject,
} from "./lint/finding.ts";
export { lintDefinitions } from "./lint/lint.ts";
export {
  type ArgumentChange,
  permissionChanges,
  type PermissionChange,
  type PermissionChanges,
  resourceChanges,
  type ResourceChanges,
} from "./changes.ts";
export { CloudState, DeploymentRecord, NOTHING_DEPLOYED } from "./deployment-record.ts";
export {
  type FunctionCost,
  monthlyCost,
  type MonthlyCost,
  type MonthlyLoad,
} from "./monthly-cost.ts";
export { firesPerMonth } from "./schedule-times.ts";
export { BYTES_PER_UNIT, schemaSize } from "./lint/schema-size.ts";
export { type Need, needsOf, ownQueue, pipelineUses } from "./pipeline-uses.ts";
export { modelsNotDeployed } from "./models-not-deployed.ts";
