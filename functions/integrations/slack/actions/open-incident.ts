import { type Api, defineAction } from "#shared/integration";
import * as z from "zod";
import { ask, channel, ChannelAnswer, Done, Posted, user } from "../client.ts";

/** What everybody who joins has to know; the pinned message shows it. */
export const incident = {
  title: z.string().min(1).max(120),
  severity: z.enum(["sev1", "sev2", "sev3", "sev4"]),
  summary: z.string().min(1).max(2_000),
  roles: z
    .array(z.object({ role: z.string().min(1).max(60), user }))
    .min(1)
    .max(20),
};

const Incident = z.object(incident);
export const Status = z.enum(["investigating", "identified", "monitoring", "resolved"]);
/** By which the messages of an incident are found: https://docs.slack.dev/messaging/message-metadata */
export const EVENT_TYPE = "auterity_incident";

export const openIncident = defineAction({
  summary: "Open an incident: a channel with its roles invited, the topic set and a pinned summary",
  docs: "https://docs.slack.dev/reference/methods/conversations.create",
  scopes: ["channels:manage", "groups:write", "chat:write", "pins:write"],
  effect: "write",
  idempotency: {
    kind: "none",
    why: "the summary may be posted twice; after a failure go on in the channel that is there",
  },
  input: z.object({
    ...incident,
    /** Names the channel, `inc-<key>`. */
    key: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/),
    isPrivate: z.boolean().optional(),
    /** Goes on in this channel instead of making one. */
    channel: channel.optional(),
  }),
  output: Posted,
  async run(api, { key, isPrivate, channel: existing, ...about }) {
    const id = existing ?? (await createChannel(api, `inc-${key}`, isPrivate));
    await gather(api, id, about.roles);
    const message = {
      channel: id,
      ...render(about, "investigating"),
      metadata: metadataOf("summary", { key }),
    };
    const posted = await ask(api, "chat.postMessage", message, Posted);
    await ask(api, "pins.add", { channel: id, timestamp: posted.ts }, Done);
    await setTopic(api, id, about, "investigating");
    return posted;
  },
});

async function createChannel(api: Api, name: string, isPrivate?: boolean): Promise<string> {
  const answer = z.object({ channel: ChannelAnswer });
  return (await ask(api, "conversations.create", { name, isPrivate }, answer)).channel.id;
}

/** Invites everybody who has a role; who is there already stays. */
export async function gather(
  api: Api,
  id: string,
  roles: z.infer<typeof Incident>["roles"],
): Promise<void> {
  const users = [...new Set(roles.map((one) => one.user))].join();
  await ask(api, "conversations.invite", { channel: id, users }, Done);
}

export async function setTopic(
  api: Api,
  id: string,
  { severity, title, roles }: z.infer<typeof Incident>,
  status: z.infer<typeof Status>,
): Promise<void> {
  const [lead] = roles;
  const who = lead === undefined ? "" : ` · ${lead.role} <@${lead.user}>`;
  const topic = `${severity.toUpperCase()} ${status} · ${title}${who}`;
  await ask(api, "conversations.setTopic", { channel: id, topic }, Done);
}

/** The summary as a message: what happened, how it stands, who does what. */
export function render(
  { title, severity, summary, roles }: z.infer<typeof Incident>,
  status: z.infer<typeof Status>,
): { readonly text: string; readonly blocks: readonly unknown[] } {
  const head = `${severity.toUpperCase()} ${title}`;
  const people = roles.map(({ role, user: who }) => `*${plain(role)}* <@${who}>`);
  return {
    text: `${head}: ${status}`,
    blocks: [
      { type: "header", text: { type: "plain_text", text: head } },
      { type: "section", text: { type: "mrkdwn", text: plain(summary) } },
      {
        type: "section",
        text: { type: "mrkdwn", text: [`*status* ${status}`, ...people].join("\n") },
      },
    ],
  };
}

/** https://docs.slack.dev/messaging/formatting-message-text#escaping */
export function plain(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** What tells a summary and an entry of the timeline from other messages. */
export function metadataOf(part: "summary" | "entry", more: Readonly<Record<string, string>>) {
  return { event_type: EVENT_TYPE, event_payload: { part, ...more } };
}
