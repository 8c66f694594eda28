import * as z from "zod";

/** What a Slack message is made of here: the text of notifications, and sections of mrkdwn. */
export const SlackMessage = z.object({
  text: z.string(),
  blocks: z.array(
    z.object({
      type: z.literal("section"),
      text: z.object({ type: z.literal("mrkdwn"), text: z.string() }),
    }),
  ),
});
export type SlackMessage = z.infer<typeof SlackMessage>;

// https://docs.slack.dev/reference/block-kit/blocks/section-block
const MAX_SECTION = 3_000;

/** A message of one section per given paragraph; `text` is what notifications and screen readers get. */
export function slackMessage(text: string, paragraphs: readonly string[]): SlackMessage {
  const blocks = paragraphs.map((paragraph) => ({
    type: "section" as const,
    text: { type: "mrkdwn" as const, text: shorten(paragraph) },
  }));
  return { text, blocks };
}

/** The three characters Slack gives a meaning (https://docs.slack.dev/messaging/formatting-message-text#escaping). */
export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** A link; only its label when the address is no web address. `label` is plain text. */
export function link(url: string | undefined, label: string): string {
  const parsed = url === undefined ? null : URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) return escapeText(label);
  const address = escapeText(parsed.href).replaceAll("|", "%7C");
  // A bar in the label would end it; the broken bar looks the same.
  return `<${address}|${escapeText(label.replaceAll("|", "¦")) || "link"}>`;
}

/** A span of time with its two greatest units: `2 h 5 min`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const units = [
    ["d", Math.floor(seconds / 86_400)],
    ["h", Math.floor(seconds / 3_600) % 24],
    ["min", Math.floor(seconds / 60) % 60],
    ["s", seconds % 60],
  ] as const;
  const first = units.findIndex(([, count]) => count > 0);
  if (first === -1) return "0 s";
  return units
    .slice(first, first + 2)
    .filter(([, count]) => count > 0)
    .map(([unit, count]) => `${count} ${unit}`)
    .join(" ");
}

/** Cuts at a line, so that no link and no escape is cut in two. */
function shorten(paragraph: string): string {
  if (paragraph.length <= MAX_SECTION) return paragraph;
  const end = paragraph.lastIndexOf("\n", MAX_SECTION - 2);
  return `${paragraph.slice(0, Math.max(end, 0))}\n…`;
}
