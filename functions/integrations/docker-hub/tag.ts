import * as z from "zod";

/** https://docs.docker.com/reference/api/hub/latest/operations/GetRepositoryTag/ */
export const Tag = z.object({
  name: z.string(),
  sizeBytes: z.int().nullable(),
  pushedAt: z.string().nullable(),
  pulledAt: z.string().nullable(),
  pushedBy: z.string().nullable(),
  images: z.array(
    z.object({
      platform: z.string(),
      digest: z.string().nullable(),
      sizeBytes: z.int().nullable(),
    }),
  ),
});

const time = z.string().nullish();
const text = z.string().nullish();

export const TagAnswer = z
  .object({
    name: z.string(),
    full_size: z.int().nullish(),
    tag_last_pushed: time,
    tag_last_pulled: time,
    last_updater_username: text,
    images: z.array(
      z.object({
        os: text,
        architecture: text,
        variant: text,
        digest: text,
        size: z.int().nullish(),
      }),
    ),
  })
  .transform((given) => ({
    name: given.name,
    sizeBytes: given.full_size ?? null,
    pushedAt: given.tag_last_pushed ?? null,
    pulledAt: given.tag_last_pulled ?? null,
    pushedBy: given.last_updater_username ?? null,
    images: given.images.map(({ os, architecture, variant, digest, size }) => ({
      platform: [os, architecture, variant].filter(Boolean).join("/"),
      digest: digest ?? null,
      sizeBytes: size ?? null,
    })),
  }));
