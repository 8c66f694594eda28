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
