import type { Store } from "#shared/state";
import { RETENTION_SECONDS, type Tag } from "./delivery.ts";
import type { Told } from "./fact.ts";
import { fold } from "./fold.ts";

type Tags = Pick<Store<Tag, Pick<Tag, "repository" | "name">>, "update">;

/**
 * Joins a tag's commit and its release, whichever GitHub tells first: each side is written down, and whoever comes
 * second finds both and gives the release as a fact of the commit.
 */
export async function bindTag(tags: Tags, { repository, tag }: Told): Promise<Told["facts"]> {
  if (tag === undefined) return [];
  const { name } = tag;
  const entry = await tags.update(
    { repository, name },
    (current) => {
      const target = laterTarget(current?.target, tag.target);
      const release = laterRelease(current?.release, tag.release);
      if (current?.target === target && current?.release === release) return undefined;
      return { repository, name, ...(target && { target }), ...(release && { release }) };
    },
    { ttlSeconds: RETENTION_SECONDS },
  );
  const { target, release } = entry?.value ?? {};
  return target && release ? [{ commit: target.commit, fact: release }] : [];
}

/** Gives `known` itself when nothing is new. A tag that is moved takes its release along. */
function laterTarget(known: Tag["target"], told: Tag["target"]): Tag["target"] {
  if (known === undefined || told === undefined) return known ?? told;
  if (told.atMs !== known.atMs) return told.atMs > known.atMs ? told : known;
  return told.commit > known.commit ? told : known;
}

function laterRelease(known: Tag["release"], told: Tag["release"]): Tag["release"] {
  if (known === undefined || told === undefined) return known ?? told;
  return fold({ [known.slot]: known }, [told])[known.slot];
}
