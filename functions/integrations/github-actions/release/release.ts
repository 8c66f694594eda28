import * as z from "zod";

/** A release as GitHub tells it. */
export const GivenRelease = z.object({
  id: z.int(),
  tag_name: z.string(),
  name: z.string().nullable(),
  draft: z.boolean(),
  prerelease: z.boolean(),
  html_url: z.string(),
  created_at: z.string(),
  published_at: z.string().nullable(),
  assets: z.array(
    z.object({
      id: z.int(),
      name: z.string(),
      size: z.int(),
      digest: z.string().nullish(),
    }),
  ),
});

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

/** Says a release in our words. */
export function releaseOf(found: z.output<typeof GivenRelease>): z.input<typeof Release> {
  const { id, name, draft, prerelease } = found;
  return {
    id,
    name,
    draft,
    prerelease,
    tag: found.tag_name,
    url: found.html_url,
    createdAt: found.created_at,
    publishedAt: found.published_at,
    assets: found.assets.map(({ size, digest, ...asset }) => ({
      ...asset,
      sizeBytes: size,
      digest: digest ?? null,
    })),
  };
}
