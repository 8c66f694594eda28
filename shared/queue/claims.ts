/** Where bodies lie that are too large for their queue; plain data, for deployment and for {@link claimCheck}. */
export const claimsBucket = { kind: "blob", name: "claims", ttlDays: 31 } as const;

/**
 * What stores and finds the bodies that are too large for a queue. Loaded with the first one: most functions never see
 * any, and buckets come with it.
 */
export const claimCheck = () => import("./claim-check.ts");
