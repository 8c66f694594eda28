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
export type { Finding, LintCloud, LintInput, PhysicalName, Subject } from "./lint/finding.ts";
export { lintDefinitions } from "./lint/lint.ts";
