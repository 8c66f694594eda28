import { store } from "#shared/state";
import * as z from "zod";
import { Fact } from "./fact.ts";

/** How long a commit is remembered after its last news, and how far back the measures look. */
export const RETENTION_DAYS = 30;
export const RETENTION_SECONDS = RETENTION_DAYS * 86_400;

/** All that is known of a commit's way to production. */
export const Delivery = z.object({
  /** `owner/name`. */
  repository: z.string().min(1),
  commit: z.string().min(1),
  /** One fact per slot; see `fold.ts`. */
  facts: z.record(z.string(), Fact),
  /** Counts the changes: what a message shows can be compared with it. */
  version: z.int(),
  changedAtMs: z.int(),
});
export type Delivery = z.infer<typeof Delivery>;

export const deliveries = store("deliveries", {
  schema: Delivery,
  partition: "repository",
  sort: "commit",
  ttl: true,
  acrossClouds: "home",
});

/** What binds a tag to its commit and its release, which GitHub tells in two events of any order. */
export const Tag = z.object({
  repository: z.string().min(1),
  name: z.string().min(1),
  /** The commit it was last pushed to. */
  target: z.object({ commit: z.string(), atMs: z.int() }).optional(),
  release: Fact.optional(),
});
export type Tag = z.infer<typeof Tag>;

export const tags = store("pulse-tags", {
  schema: Tag,
  partition: "repository",
  sort: "name",
  ttl: true,
  acrossClouds: "home",
});

/** The repositories that had news lately: whom the daily digest is for. */
export const repositories = store("pulse-repositories", {
  schema: z.object({ group: z.literal("all"), repository: z.string().min(1), activeAtMs: z.int() }),
  partition: "group",
  sort: "repository",
  ttl: true,
  acrossClouds: "home",
});
