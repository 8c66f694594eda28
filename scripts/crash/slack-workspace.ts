import * as z from "zod";

/** A message as the test wants to see it. */
export type SlackMessage = {
  readonly channel: string;
  readonly ts: string;
  text: string;
  blocks: unknown;
  readonly metadata: unknown;
  /** How often it was updated. */
  updates: number;
};

/** An answer of Slack's Web API: `ok: false` comes with status 200. */
export type SlackAnswer = { readonly ok: boolean; readonly [member: string]: unknown };

const Metadata = z.object({
  event_type: z.string(),
  event_payload: z.record(z.string(), z.unknown()),
});
const Content = z.object({ channel: z.string().min(1), text: z.string(), blocks: z.unknown() });
const PostMessage = Content.extend({ metadata: Metadata.optional() });
const Update = Content.extend({ ts: z.string() });
const History = z.object({
  channel: z.string(),
  oldest: z.coerce.number().default(0),
  inclusive: z.stringbool().or(z.boolean()).default(false),
  include_all_metadata: z.stringbool().or(z.boolean()).default(false),
  limit: z.coerce.number().int().min(1).max(999).default(100),
  cursor: z.string().optional(),
});

/** The part of a Slack workspace that the product uses, with Slack's names for what goes wrong. */
export class SlackWorkspace {
  readonly messages: SlackMessage[] = [];
  readonly #nowMs: () => number;
  readonly #byTs = new Map<string, SlackMessage>();
  #lastMicroseconds = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Calls a method, such as `chat.postMessage`, with what came in body and query. */
  call(method: string, input: unknown): SlackAnswer {
    switch (method) {
      case "auth.test":
        return { ok: true, team: "Crash", team_id: "T0CRASH", user: "auterity", user_id: "U0BOT" };
      case "chat.postMessage":
        return checked(PostMessage, input, (message) => this.#post(message));
      case "chat.update":
        return checked(Update, input, (message) => this.#update(message));
      case "conversations.history":
        return checked(History, input, (query) => this.#history(query));
      case "users.lookupByEmail":
        return failed("users_not_found");
      default:
        return failed("unknown_method");
    }
  }

  #post({ channel: named, text, blocks, metadata }: z.output<typeof PostMessage>): SlackAnswer {
    const channel = named.startsWith("#") ? channelId(named) : named;
    // Unique within the channel, as Slack's are: https://docs.slack.dev/messaging/retrieving-messages
    this.#lastMicroseconds = Math.max(this.#lastMicroseconds + 1, this.#nowMs() * 1_000);
    const ts = (this.#lastMicroseconds / 1e6).toFixed(6);
    const message = { channel, ts, text, blocks, metadata, updates: 0 };
    this.messages.push(message);
    this.#byTs.set(`${channel} ${ts}`, message);
    return { ok: true, channel, ts, message: { text, ts } };
  }

  #update({ channel, ts, text, blocks }: z.output<typeof Update>): SlackAnswer {
    if (!isId(channel)) return failed("channel_not_found");
    const message = this.#byTs.get(`${channel} ${ts}`);
    if (message === undefined) return failed("message_not_found");
    message.text = text;
    message.blocks = blocks;
    message.updates += 1;
    return { ok: true, channel, ts, text };
  }

  /** Newest first, as https://docs.slack.dev/reference/methods/conversations.history gives them. */
  #history(query: z.output<typeof History>): SlackAnswer {
    if (!isId(query.channel)) return failed("channel_not_found");
    const from = Number(query.cursor ?? 0);
    const all = this.messages.filter(
      ({ channel, ts }) =>
        channel === query.channel &&
        (query.inclusive ? Number(ts) >= query.oldest : Number(ts) > query.oldest),
    );
    const page = all.toReversed().slice(from, from + query.limit);
    const more = from + page.length < all.length;
    return {
      ok: true,
      messages: page.map(({ ts, text, metadata }) => ({
        type: "message",
        ts,
        text,
        ...(query.include_all_metadata && metadata !== undefined ? { metadata } : {}),
      })),
      has_more: more,
      response_metadata: { next_cursor: more ? String(from + page.length) : "" },
    };
  }
}

function checked<S extends z.ZodType>(
  schema: S,
  input: unknown,
  run: (input: z.output<S>) => SlackAnswer,
): SlackAnswer {
  const parsed = schema.safeParse(input);
  return parsed.success ? run(parsed.data) : failed("invalid_arguments");
}

function failed(error: string): SlackAnswer {
  return { ok: false, error };
}

function isId(channel: string): boolean {
  return /^[CGD][A-Z0-9]{6,}$/.test(channel);
}

function channelId(name: string): string {
  return `C${Buffer.from(name.slice(1)).toString("hex").toUpperCase().padEnd(8, "0")}`;
}
