import { app } from "@azure/functions";
import { describe, expect, it } from "vitest";
import { AzureWorker } from "./azure-worker.ts";

const lines: string[] = [];
const worker = AzureWorker.install((line) => void lines.push(line));

describe("AzureWorker", () => {
  it("refuses to start an app without functions, as there is no model yet", async () => {
    await expect(worker.start()).rejects.toThrow("registered no function");
  });

  it("runs hooks around the function, which may replace its inputs, itself and its result", async () => {
    const order: string[] = [];
    app.hook.appStart(() => void order.push("start"));
    const before = app.hook.preInvocation((context) => {
      order.push("before");
      const original = context.functionHandler;
      context.inputs = ["replaced"];
      context.functionHandler = (input: unknown, invocation) => original(input, invocation);
    });
    const after = app.hook.postInvocation((context) => {
      order.push(`after ${String(context.result)}`);
      context.result = "changed";
    });
    app.storageQueue("hooked", {
      queueName: "hooked",
      connection: "AzureWebJobsStorage",
      handler: async (entry) => {
        order.push(String(entry));
        return "result";
      },
    });
    await worker.start();
    const answer = await worker.invoke("hooked", { data: { string: "original" } });
    expect(answer).toEqual({ status: "success", returnValue: { string: "changed" } });
    expect(order).toEqual(["start", "before", "replaced", "after result"]);
    before.dispose();
    after.dispose();
  });

  it("reports a failure, whatever was thrown, and no more than that", async () => {
    for (const thrown of [new Error("planned"), "text", null]) {
      app.storageQueue("failing", {
        queueName: "failing",
        connection: "AzureWebJobsStorage",
        handler: async () => {
          throw thrown;
        },
      });
      expect(await worker.invoke("failing", { data: { string: "x" } })).toEqual({
        status: "failure",
      });
    }
    expect(await worker.invoke("nobody", { data: { string: "x" } })).toEqual({ status: "failure" });
    expect(lines.join("\n")).toMatch(/failing failed: planned[^]*no function "nobody"/);
  });

  it("hands on what a function writes through its context", async () => {
    app.storageQueue("logging", {
      queueName: "logging",
      connection: "AzureWebJobsStorage",
      handler: (_, context) => context.log("a line of mine"),
    });
    await worker.invoke("logging", { data: { string: "x" } });
    expect(lines).toContain("a line of mine");
  });
});
