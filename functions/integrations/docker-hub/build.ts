import * as z from "zod";

/** As Docker Hub's own pages read it; Docker describes this API nowhere. */
export const Build = z.object({
  id: z.string(),
  /** `Pending`, `In progress`, `Success`, `Failed`, `Canceled`. */
  state: z.string(),
  tag: z.string().nullable(),
  commit: z.string().nullable(),
  source: z.string().nullable(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
});

const text = z.string().nullish();

export const BuildAnswer = z
  .object({
    uuid: z.string(),
    state: z.string(),
    build_tag: text,
    commit: text,
    source_repo: text,
    start_date: text,
    end_date: text,
  })
  .transform((given) => ({
    id: given.uuid,
    state: given.state,
    tag: given.build_tag ?? null,
    commit: given.commit ?? null,
    source: given.source_repo ?? null,
    startedAt: given.start_date ?? null,
    endedAt: given.end_date ?? null,
  }));
