import { setTimeout as delay } from "node:timers/promises";
import { getFunction } from "@google-cloud/functions-framework/testing";
import {
  ack,
  defineFunction,
  type FunctionDefinition,
  httpTrigger,
  queueTrigger,
  reply,
} from "#shared/function";
import { queue } from "#shared/queue";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { conformancePorts } from "../../shared/host/ports.conformance.ts";
import { fixedAnswer, freshName } from "../../shared/host/entry-harness.ts";
import { gcpEntry, gcpHttp, gcpMessages } from "./entry.ts";
import { serve } from "./server.conformance.ts";

const get = { method: "GET", headers: {}, body: new Uint8Array() };

/** A function that takes messages, registered under a name of its own. */
function registerConsumer(): string {
  const name = freshName("queue");
  gcpEntry(
    defineFunction({
      name,
      summary: "A function under test",
      trigger: queueTrigger(queue("to-crm", { schema: z.unknown() })),
      input: z.unknown(),
      uses: {},
      handler: async () => ack(),
    }),
    conformancePorts(),
    gcpMessages,
  );
  return name;
}

describe("gcpEntry", () => {
  it("registers the http signature with two parameters, for messages too", () => {
    const name = registerConsumer();
    expect(getFunction(name)).toHaveLength(2);
  });

  it("refuses what is no push and no scheduler job, so that it is not acknowledged", async () => {
    const name = registerConsumer();
    const { call, stop } = await serve(name);
    expect((await call({ ...get, method: "POST", target: "/" })).status).toBe(400);
    await stop();
  });

  it("answers a failure to the request it belongs to, not to the latest one", async () => {
    const name = freshName("http");
    gcpEntry(slow(name), conformancePorts(), gcpHttp);
    const { call, stop } = await serve(name);
    const failing = call({ ...get, target: `/v1/${name}?fail=yes` });
    const fine = call({ ...get, target: `/v1/${name}` });
    expect((await failing).status).toBe(500);
    expect((await failing).headers["content-type"]).toBe("application/problem+json");
    expect((await fine).status).toBe(200);
    await stop();
  });

  it("answers a problem for an answer that cannot be sent, and nothing of that answer", async () => {
    const name = freshName("http");
    const ports = conformancePorts();
    const unsendable = reply(200, "x", { "x-first": "sent?", "x-own": "two\nlines canary" }, [
      "a=1",
    ]);
    gcpEntry(fixedAnswer(name, unsendable), ports, gcpHttp);
    const { call, stop } = await serve(name);
    const response = await call({ ...get, target: `/v1/${name}` });
    expect(response.status).toBe(500);
    expect(response.headers).not.toHaveProperty("x-first");
    expect(response.headers).not.toHaveProperty("set-cookie");
    expect(JSON.stringify(ports.telemetry.logs)).not.toContain("canary");
    await stop();
  });

  it("takes the platform's execution id, but nothing that is none", async () => {
    const name = freshName("http");
    gcpEntry(fixedAnswer(name, {}), conformancePorts(), gcpHttp);
    const { call, stop } = await serve(name);
    const run = async (id: string): Promise<unknown> => {
      const headers = { "function-execution-id": id };
      return (await call({ ...get, target: `/v1/${name}`, headers })).headers["x-auterity-run"];
    };
    expect(await run("abc123def456")).toBe("abc123def456");
    expect(await run("spaces and <tags>")).toMatch(/^[0-9a-f-]{36}$/);
    await stop();
  });
});

/** Fails after a moment when asked to; otherwise answers a little later. */
function slow(name: string): FunctionDefinition {
  return defineFunction({
    name,
    summary: "A function under test",
    trigger: httpTrigger("GET", `/v1/${name}`, { auth: "public" }),
    input: z.object({ fail: z.string().optional() }),
    uses: {},
    async handler(_, { fail }) {
      await delay(fail === undefined ? 30 : 10);
      if (fail !== undefined) throw new Error("planned");
      return {};
    },
  });
}
