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
