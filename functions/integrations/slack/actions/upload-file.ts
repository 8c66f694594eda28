import { defineAction, issuedUrl } from "#shared/integration";
import * as z from "zod";
import { ask, channel, ts } from "../client.ts";

export const uploadFile = defineAction({
  summary: "Upload a file, and share it in a channel or a thread",
  docs: "https://docs.slack.dev/messaging/working-with-files#uploading_files",
  scopes: ["files:write"],
  effect: "write",
  idempotency: { kind: "none", why: "Slack takes no key; a second call makes a second file" },
  input: z.object({
    filename: z.string().min(1).max(255),
    /** What is larger does not fit through a cloud's gateway. */
    base64: z.base64().min(1).max(4_000_000),
    title: z.string().optional(),
    channel: channel.optional(),
    threadTs: ts.optional(),
    comment: z.string().optional(),
  }),
  output: z.object({ id: z.string() }),
  async run(api, { filename, base64, title, channel: channelId, threadTs, comment }) {
    const bytes = Buffer.from(base64, "base64");
    const Place = z.object({ upload_url: z.string(), file_id: z.string() });
    const query = { filename, length: bytes.length };
    const place = await ask(api, "files.getUploadURLExternal", query, Place, "read");
    await api.request({
      method: "POST",
      host: "files",
      path: issuedUrl(place.upload_url),
      body: { kind: "bytes", bytes, type: "application/octet-stream" },
      read: "text",
      response: z.string(),
    });
    const files = [{ id: place.file_id, title: title ?? filename }];
    const shared = { files, channelId, threadTs, initialComment: comment };
    await ask(api, "files.completeUploadExternal", shared, z.object({}));
    return { id: place.file_id };
  },
});
