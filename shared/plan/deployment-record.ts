import * as z from "zod";

/**
 * What a cloud was told to make: each resource's arguments as short texts, and per function what it may do on which
 * resource.
 */
export const CloudState = z.object({
  resources: z.record(z.string(), z.record(z.string(), z.string())),
  permissions: z.record(z.string(), z.record(z.string(), z.array(z.string()))),
});
export type CloudState = z.infer<typeof CloudState>;

/** What was deployed last to a stage, as `infra/deployed/<stage>.json` keeps it. */
export const DeploymentRecord = z.object({
  version: z.literal(1),
  stage: z.string().min(1),
  recordedAt: z.iso.datetime(),
  /** The commit it was made from. */
  commit: z.string().optional(),
  /** Where its packages are kept, for going back to them: the id of the workflow run that made them. */
  artifact: z.string().optional(),
  clouds: z.partialRecord(z.enum(["aws", "azure", "gcp"]), CloudState),
});
export type DeploymentRecord = z.infer<typeof DeploymentRecord>;

/** A cloud on which nothing was deployed yet. */
export const NOTHING_DEPLOYED: CloudState = { resources: {}, permissions: {} };
