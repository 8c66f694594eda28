// Rendered by `npm run prices:update`, which checks what it writes: run that, and do not edit by hand.

/** Counts the changes of these figures. */
export const epoch = 1;

/** The day from which these figures were known to hold. */
export const effectiveFrom = "2026-11-21";

export const runUsdPerMillionRequests = 0.4;
export const runUsdPerVcpuSecond = 0.000024;
export const runUsdPerGibSecond = 0.0000025;
export const runTier2UsdPerVcpuSecond = 0.0000336;
export const runTier2UsdPerGibSecond = 0.0000035;
export const egressUsdPerGib = 0.12;
export const apiGatewayUsdPerMillionCalls = 3;
export const firestoreUsdPerMillionReads = 0.3;
export const firestoreUsdPerMillionWrites = 0.9;
export const firestoreUsdPerMillionDeletes = 0.1;
export const pubsubUsdPerTib = 40;
export const storageUsdPerMillionClassAOperations = 5;
export const storageUsdPerMillionClassBOperations = 0.4;
export const secretManagerUsdPerMillionAccesses = 3;

/** Where each figure was read. */
export const sources = {
  runUsdPerMillionRequests: "https://cloud.google.com/run/pricing",
  runUsdPerVcpuSecond: "https://cloud.google.com/run/pricing",
  runUsdPerGibSecond: "https://cloud.google.com/run/pricing",
  runTier2UsdPerVcpuSecond: "https://cloud.google.com/run/pricing",
  runTier2UsdPerGibSecond: "https://cloud.google.com/run/pricing",
  egressUsdPerGib: "https://cloud.google.com/vpc/network-pricing",
  apiGatewayUsdPerMillionCalls: "https://cloud.google.com/api-gateway/pricing",
  firestoreUsdPerMillionReads: "https://cloud.google.com/firestore/pricing",
  firestoreUsdPerMillionWrites: "https://cloud.google.com/firestore/pricing",
  firestoreUsdPerMillionDeletes: "https://cloud.google.com/firestore/pricing",
  pubsubUsdPerTib: "https://cloud.google.com/pubsub/pricing",
  storageUsdPerMillionClassAOperations: "https://cloud.google.com/storage/pricing",
  storageUsdPerMillionClassBOperations: "https://cloud.google.com/storage/pricing",
  secretManagerUsdPerMillionAccesses: "https://cloud.google.com/secret-manager/pricing",
} as const;
