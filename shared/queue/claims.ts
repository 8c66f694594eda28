/**
 * What stores and finds the bodies that are too large for a queue. Loaded with the first one: most functions never see
 * any, and buckets come with it.
 */
export const claimCheck = () => import("./claim-check.ts");
