import { memoryPorts } from "#shared/testing";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { action } from "./action.ts";

const scope = {
  tenant: "t1",
  traceparent: "00-1",
  event: "e1",
  signal: new AbortController().signal,
};
const shape = { input: z.object({ text: z.string() }), output: z.object({ ts: z.string() }) };

describe("action", () => {
  it("calls on behalf of the invocation and gives the caller's view of the answer", async () => {
    const ports = memoryPorts({
      actions: { "slack.post-message": () => ({ ts: "1", more: true }) },
    });
    const grant = action("slack.post-message", { ...shape, connection: "team" });
    const post = grant.connect(ports, scope);
    expect(await post({ text: "hi" }, { idempotencyKey: "k1" })).toEqual({ ts: "1" });
    expect(ports.called).toEqual([
      {
        action: "slack.post-message",
        connection: "team",
        input: { text: "hi" },
        tenant: "t1",
        idempotencyKey: "k1",
        traceparent: "00-1",
        event: "e1",
      },
    ]);
    expect(grant).toMatchObject({
      kind: "action",
      resource: "slack.post-message",
      verbs: ["call"],
    });
  });

  it("tells a wrong input from a wrong answer", async () => {
    const ports = memoryPorts({ actions: { "slack.post-message": () => ({ ts: 1 }) } });
    const post = action("slack.post-message", shape).connect(ports, scope);
    // @ts-expect-error the input's type is the schema's
    await expect(post({ text: 1 })).rejects.toMatchObject({ code: "invalid_argument" });
    expect(ports.called).toEqual([]);
    await expect(post({ text: "hi" })).rejects.toMatchObject({
      code: "internal",
      details: { action: "slack.post-message", field: "ts" },
    });
  });

  it.each(["post-message", "slack.", "Slack.post", "slack.post.message", ""])(
    "refuses %j",
    (id) => {
      expect(() => action(id, shape)).toThrow("is no action");
    },
  );
});
