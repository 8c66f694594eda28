import { app } from "@azure/functions";
import { cron } from "#shared/function";
import { decodeTopicMessage } from "#shared/host";
import { describe, expect, it } from "vitest";
import eventGrid from "../fixtures/event-grid-queue.json" with { type: "json" };
import http from "../fixtures/http.json" with { type: "json" };
import serviceBus from "../fixtures/service-bus.json" with { type: "json" };
import storageQueue from "../fixtures/storage-queue.json" with { type: "json" };
import timer from "../fixtures/timer.json" with { type: "json" };
import { testWorker } from "../worker.conformance.ts";
import { azureHttpCodec } from "./http.ts";
import { azureQueueCodec } from "./queue.ts";
import { azureScheduleCodec } from "./schedule.ts";

describe("azure events as the host sends them", () => {
  it("http: raw query, bytes, and the address that the front end appended", async () => {
    const { body, ...data } = http.data.http;
    const bytes = Buffer.from(body.text);
    const seen = await new Promise((resolve) => {
      app.http("golden-http", {
        methods: ["POST"],
        authLevel: "anonymous",
        async handler(request) {
          resolve(await azureHttpCodec.decode(request));
          return {};
        },
      });
      void testWorker.invoke("golden-http", { data: { http: { ...data, body: { bytes } } } });
    });
    expect(seen).toMatchObject({
      method: "POST",
      path: "/v1/webhooks/github-actions/main",
      query: "source=a&source=b",
      headers: { cookie: "Session=abc==; theme=dark", "x-hub-signature-256": "sha256=0123" },
      body: new Uint8Array(bytes),
      clientIp: "140.82.115.3",
    });
  });

  it.each([
    ["storage queue", storageQueue, "8f5e5c7a-6a3c-4f3a-9d5a-0f1d9c6b2a11", 2],
    ["service bus", serviceBus, "4711", 3],
    ["event grid through a storage queue", eventGrid, "8f5e5c7a-6a3c-4f3a-9d5a-0f1d9c6b2a11", 2],
  ])("%s: handle, count and envelope", async (title, event, handle, receiveCount) => {
    const name = `golden-${title.replaceAll(" ", "-")}`;
    const seen = await new Promise<ReturnType<typeof azureQueueCodec.decode>>((resolve) => {
      app.storageQueue(name, {
        queueName: "to-crm",
        connection: "AzureWebJobsStorage",
        handler: (entry, { triggerMetadata }) =>
          resolve(azureQueueCodec.decode({ entry, triggerMetadata })),
      });
      void testWorker.invoke(name, event);
    });
    expect(seen).toMatchObject([{ handle, receiveCount }]);
    expect(decodeTopicMessage(seen[0]?.body ?? "")).toMatchObject({ id: "e-1", tenant: "acme" });
  });

  it("timer: the slot that is due, not the minute in which it fired", async () => {
    const nowMs = Date.UTC(2026, 10, 21, 9, 29, 59, 900);
    const seen = await new Promise((resolve) => {
      app.timer("golden-timer", {
        schedule: "0 */15 * * * *",
        handler: (event) => resolve(azureScheduleCodec.decode({ timer: event, nowMs })),
      });
      void testWorker.invoke("golden-timer", timer);
    });
    expect(seen).toEqual({ slotMs: Date.UTC(2026, 10, 21, 9, 30), firedAtMs: nowMs });
  });
});

describe("azure queue codec", () => {
  it("takes bytes as text", () => {
    const event = { entry: Buffer.from("{}"), triggerMetadata: { id: "m-1", dequeueCount: 1 } };
    expect(azureQueueCodec.decode(event)).toEqual([{ handle: "m-1", body: "{}", receiveCount: 1 }]);
  });

  it("refuses the event of another trigger, and more than one message at a time", () => {
    expect(() => azureQueueCodec.decode({ entry: {}, triggerMetadata: undefined })).toThrow(
      "azure.queue",
    );
    expect(() => azureQueueCodec.emulate("to-crm", [])).toThrow("deliver one at a time");
  });
});

describe("azure schedule codec", () => {
  const nowMs = Date.UTC(2026, 10, 21, 9, 31, 10);
  const decode = (next?: string): number =>
    azureScheduleCodec.decode({
      timer: { isPastDue: false, scheduleStatus: next === undefined ? null : { next } },
      nowMs,
    }).slotMs;

  it("falls back to the minute when the schedule is not monitored or its status is of no use", () => {
    const minute = Date.UTC(2026, 10, 21, 9, 31);
    expect(decode()).toBe(minute);
    expect(decode("soon")).toBe(minute);
    expect(decode("2026-11-21T10:30:00+00:00")).toBe(minute);
  });

  it("reads a time without a zone as UTC", () => {
    expect(decode("2026-11-21T09:30:00")).toBe(Date.UTC(2026, 10, 21, 9, 30));
  });

  it("puts second zero in front, and refuses expressions that are none of ours", () => {
    expect(azureScheduleCodec.compile(cron("30 2 * * 0"))).toBe("0 30 2 * * 0");
    for (const expression of ["30 0 2 * * 0", "0 2 * * 0", "0 0 0 1 * 1", "0 0 0 * * 7"]) {
      expect(() => azureScheduleCodec.parse(expression)).toThrow(/azure.schedule|schedule.cron/);
    }
    expect(() => azureScheduleCodec.decode({ timer: {}, nowMs })).toThrow("azure.schedule");
  });
});
