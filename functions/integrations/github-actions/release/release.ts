import * as z from "zod";

/** A release in our words. */
export const Release = z.object({
  id: z.int(),
  tag: z.string(),
  name: z.string().nullable(),
  draft: z.boolean(),
  prerelease: z.boolean(),
  url: z.string(),
  createdAt: z.string(),
  publishedAt: z.string().nullable(),
  assets: z.array(
    z.object({
      id: z.int(),
      name: z.string(),
      sizeBytes: z.int(),
      digest: z.string().nullable(),
    }),
  ),
});

/** What a release says of itself, as a request takes it. */
export const written = {
  name: z.string().max(255).optional(),
  /** Markdown; at most 125,000 characters. */
  body: z.string().max(125_000).optional(),
  draft: z.boolean().optional(),
  prerelease: z.boolean().optional(),
  /** `legacy` goes by date and version. */
  makeLatest: z.enum(["true", "false", "legacy"]).optional(),
};

/** What fits into an answer on every cloud when it is encoded: Lambda gives at most 6 MB (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
export const MAX_BYTES = 4 * 1024 * 1024;
