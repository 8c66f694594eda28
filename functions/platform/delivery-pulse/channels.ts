import type { Clients } from "#shared/function";
import { store } from "#shared/state";
import * as z from "zod";

/** Where a repository's messages go. */
export const settings = store("pulse-settings", {
  schema: z.object({ repository: z.string().min(1), channel: z.string().min(1) }),
  partition: "repository",
  sort: "repository",
  ttl: true,
  acrossClouds: "replicated",
});

/** The channel of a repository without a setting. */
const DEFAULT_CHANNEL = "#deliveries";

/** The ids of channels that were called by name, as Slack told them when it took a message. */
export const channelIds = store("pulse-channels", {
  schema: z.object({ name: z.string().min(1), id: z.string().min(1) }),
  partition: "name",
  sort: "name",
  ttl: true,
});

/** A name can come to mean another channel. */
const ID_TTL_SECONDS = 86_400;

export const channelUses = {
  settings: settings.grant("get"),
  channelIds: channelIds.grant("get", "create"),
};
type ChannelContext = Clients<typeof channelUses>;

/** The channel to post a repository's messages to: an id or `#name`, as it was set. */
export async function channelOf(ctx: ChannelContext, repository: string): Promise<string> {
  const setting = await ctx.settings.get({ repository });
  return setting?.value.channel ?? DEFAULT_CHANNEL;
}

/** Remembers which channel a name stood for. */
export async function learnId(ctx: ChannelContext, channel: string, id: string): Promise<void> {
  if (!isName(channel) || isName(id)) return;
  await ctx.channelIds.create({ name: channel, id }, { ttlSeconds: ID_TTL_SECONDS });
}

/** The channel's id where it is known: Slack takes names for posting, and ids for everything else. */
export async function idOf(ctx: ChannelContext, channel: string): Promise<string> {
  if (!isName(channel)) return channel;
  const known = await ctx.channelIds.get({ name: channel });
  return known?.value.id ?? channel;
}

function isName(channel: string): boolean {
  return channel.startsWith("#");
}
