import { defineAction } from "#shared/integration";
import * as z from "zod";
import { ask, channel, Posted, ts } from "../client.ts";
import { gather, incident, metadataOf, plain, render, setTopic, Status } from "./open-incident.ts";

export const updateIncident = defineAction({
  summary: "Add an entry to an incident's timeline and bring summary, roles and topic up to date",
  docs: "https://docs.slack.dev/reference/methods/chat.update",
  scopes: ["chat:write", "channels:manage", "groups:write"],
  effect: "write",
  idempotency: {
    kind: "none",
    why: "an entry may be posted twice; read-incident tells whether it is there",
  },
  input: z.object({
    ...incident,
    status: Status,
    channel,
    /** Of the summary, as open-incident gave it. */
    summaryTs: ts,
    note: z.string().min(1).max(3_000),
  }),
  /** The entry. */
  output: Posted,
  async run(api, { channel: id, summaryTs, status, note, ...about }) {
    await gather(api, id, about.roles);
    const entry = await ask(
      api,
      "chat.postMessage",
      {
        channel: id,
        text: `*${status}* ${plain(note)}`,
        metadata: metadataOf("entry", { status, note }),
      },
      Posted,
    );
    await ask(api, "chat.update", { channel: id, ts: summaryTs, ...render(about, status) }, Posted);
    await setTopic(api, id, about, status);
    return entry;
  },
});
