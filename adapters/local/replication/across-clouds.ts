import { requiredSetting, type Settings } from "#shared/function";
import { CloudState, type Spread } from "#shared/replication";
import type { StateDriver } from "#shared/state";
import * as z from "zod";
import { systemClock, systemRandom } from "../system.ts";
import { peerSender } from "./peer-sender.ts";

/** Which cloud this is, and where the replicas of all listen. */
const Place = z.object({ cloud: z.string(), urls: z.record(z.string(), z.string()) });

const PLACE = "AUTERITY_ACROSS_CLOUDS";
const KEY = "AUTERITY_REPLICATION_KEY";

/** The variables that {@link acrossClouds} reads. */
export function acrossCloudsSettings(
  given: z.infer<typeof Place> & { readonly key: string },
): Readonly<Record<string, string>> {
  const { cloud, urls, key } = given;
  return { [PLACE]: JSON.stringify({ cloud, urls }), [KEY]: key };
}

/**
 * A cloud's own store with those stores of the spread that it shares with others; the store itself where the
 * environment tells of no others. Throws `failed_precondition` for a key that is missing.
 */
export function acrossClouds(driver: StateDriver, spread: Spread, settings: Settings): StateDriver {
  const place = settings[PLACE];
  if (place === undefined) return driver;
  const { cloud, urls } = Place.parse(JSON.parse(place));
  const key = requiredSetting(settings, KEY, "the key that the clouds share");
  const ports = { clock: systemClock, random: systemRandom };
  return new CloudState({ cloud, driver, spread, key, send: peerSender(urls), ports });
}
