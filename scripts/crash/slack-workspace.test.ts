import { describe, expect, it } from "vitest";
import { SlackWorkspace } from "./slack-workspace.ts";

const metadata = { event_type: "delivery", event_payload: { intent: "1" } };
const message = { channel: "C0000001", text: "hello", blocks: [], metadata };

function workspace(): SlackWorkspace {
  return new SlackWorkspace(() => 1_000_000);
}

describe("SlackWorkspace", () => {
  it("gives every message a ts of its own", () => {
    const slack = workspace();
    const [first, second] = [
      slack.call("chat.postMessage", message),
      slack.call("chat.postMessage", message),
    ];
    expect(first).toMatchObject({ ok: true, channel: "C0000001", ts: "1000.000000" });
    expect(second).toMatchObject({ ok: true, ts: "1000.000001" });
  });

  it("answers the id of a channel that was named, and takes nothing else for updates", () => {
    const slack = workspace();
    const { channel, ts } = slack.call("chat.postMessage", { ...message, channel: "#news" });
    expect(channel).toMatch(/^C[A-Z0-9]+$/);
    const update = { ts, text: "bye", blocks: [] };
    expect(slack.call("chat.update", { ...update, channel: "#news" })).toEqual({
      ok: false,
      error: "channel_not_found",
    });
    expect(slack.call("chat.update", { ...update, channel })).toMatchObject({ ok: true });
    expect(slack.messages[0]).toMatchObject({ text: "bye", updates: 1 });
  });

  it("does not update what is not there", () => {
    const update = { channel: "C0000001", ts: "1.0", text: "bye", blocks: [] };
    expect(workspace().call("chat.update", update)).toEqual({
      ok: false,
      error: "message_not_found",
    });
  });

  it("pages through the history, newest first, with metadata when asked for", () => {
    const slack = workspace();
    for (const text of ["one", "two", "three"])
      slack.call("chat.postMessage", { ...message, text });
    const query = { channel: "C0000001", limit: "2", include_all_metadata: "true" };
    const first = slack.call("conversations.history", query);
    expect(first).toMatchObject({
      messages: [{ text: "three", metadata }, { text: "two" }],
      has_more: true,
      response_metadata: { next_cursor: "2" },
    });
    const rest = slack.call("conversations.history", { ...query, cursor: "2" });
    expect(rest).toMatchObject({ messages: [{ text: "one" }], has_more: false });
  });

  it.each([
    ["true", ["two", "one"]],
    ["false", ["two"]],
  ])("counts the oldest in when inclusive is %s", (inclusive, texts) => {
    const slack = workspace();
    const { ts } = slack.call("chat.postMessage", { ...message, text: "one" });
    slack.call("chat.postMessage", { ...message, text: "two" });
    const history = slack.call("conversations.history", {
      channel: "C0000001",
      oldest: ts,
      inclusive,
    });
    expect(history["messages"]).toMatchObject(texts.map((text) => ({ text })));
  });

  it("refuses in Slack's words", () => {
    expect(workspace().call("chat.postMessage", { text: 1 })).toEqual({
      ok: false,
      error: "invalid_arguments",
    });
    expect(workspace().call("chat.delete", {})).toEqual({ ok: false, error: "unknown_method" });
  });
});
