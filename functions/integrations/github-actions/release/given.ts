import * as z from "zod";
import type { Release } from "./release.ts";

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
