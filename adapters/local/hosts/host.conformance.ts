import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { bodyBytes, bodyText, type HttpInput } from "#shared/function";
import type { Delivery } from "#shared/host";
import { encodeEnvelope } from "#shared/queue";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isAlive, until } from "./processes.ts";
import type { CloudHost, HostedFunction, HostOptions } from "./host.ts";
import type { TestBundle } from "./bundle.conformance.ts";

/** What a parent needs to start a runtime; `close` ends what had to be opened for it. */
export type ChildProgram = {
  readonly script: URL;
  readonly setup: unknown;
  readonly close?: () => Promise<void>;
};

/** How a host's own test runs the functions of `fixtures/functions.ts` from a real bundle. */
export type HostHarness = {
  readonly runtime: string;
  readonly build: () => Promise<TestBundle>;
  readonly start: (options: Omit<HostOptions<unknown>, "codecs">) => CloudHost | Promise<CloudHost>;
  /** The child's program and setup, for a parent that is killed. */
  readonly child: (functions: readonly HostedFunction[]) => ChildProgram | Promise<ChildProgram>;
};

const echo: HttpInput = {
  method: "POST",
  path: "/v1/echo/caf%C3%A9",
  query: "x=1&x=2",
  headers: { host: "fn.example", "content-type": "application/octet-stream" },
  body: new Uint8Array([0, 200, 255, 10]),
  clientIp: undefined,
};
const slow = (ms: number): HttpInput => ({
  ...echo,
  method: "GET",
  path: "/v1/slow",
  query: `ms=${ms}`,
  body: "",
});

/** What every host owes the gateway, proven on a bundle in its own process. */
export function hostConformance(harness: HostHarness): void {
  let bundle: TestBundle;
  let host: CloudHost;
  const lines: string[] = [];
  let channels = 0;

  describe(`${harness.runtime} host`, () => {
    beforeAll(async () => {
      bundle = await harness.build();
      host = await harness.start({
        functions: bundle.functions,
        env: {},
        timeoutMs: 2_000,
        onChannel: () => void (channels += 1),
        onOutput: (line) => void lines.push(line),
      });
      expect(host.state).toBe("starting");
      await host.ready();
      expect(host.state).toBe("up");
    });
    afterAll(async () => {
      await host.stop();
      bundle.remove();
    });

    it("carries an HTTP call both ways, byte for byte", async () => {
      const output = await host.http("echo", echo);
      expect(output.status).toBe(200);
      expect(output.headers["x-seen"]).toBe("POST café x=1&x=2");
      expect(output.headers["x-auterity-runtime"]).toBe(harness.runtime);
      expect(output.cookies).toHaveLength(2);
      expect(Buffer.from(bodyBytes(output))).toEqual(Buffer.from(bodyBytes(echo)));
    });

    it("answers a path that the function does not have with 404", async () => {
      expect(await host.http("echo", { ...echo, path: "/v1/other" })).toMatchObject({
        status: 404,
      });
    });

    it("says of each message what became of it", async () => {
      expect(await host.queue("take", "to-take", [message("m-1", false)])).toEqual([
        { handle: "m-1", done: true },
      ]);
      expect(await host.queue("take", "to-take", [message("m-2", true)])).toEqual([
        { handle: "m-2", done: false },
      ]);
    });

    it("delivers a tick, and rejects when the function failed", async () => {
      await host.schedule("tick", 60_000, 60_500);
      await expect(host.schedule("tick", 0, 500)).rejects.toMatchObject({ origin: "platform" });
    });

    it("runs 64 calls at once in one process", async () => {
      const outputs = await Promise.all(
        Array.from({ length: 64 }, (_, index) => host.http("slow", slow(index % 8))),
      );
      expect(outputs.map((output) => JSON.parse(bodyText(output)) as unknown)).toEqual(
        outputs.map((_, index) => ({ ms: index % 8 })),
      );
    });

    it("gives up a call that takes too long", async () => {
      await expect(host.http("slow", slow(10_000))).rejects.toMatchObject({
        code: "deadline_exceeded",
        origin: "platform",
      });
    });

    it("hands on what the functions log", () => {
      expect(lines.some((line) => line.includes('"message":"echoed"'))).toBe(true);
    });

    it("comes back after its process was killed", async () => {
      const pid = Number((await host.http("echo", echo)).headers["x-pid"]);
      const before = channels;
      const lost = host.http("slow", slow(1_500));
      process.kill(pid, "SIGKILL");
      await expect(lost).rejects.toMatchObject({ code: "unavailable", origin: "platform" });
      await until(() => host.state !== "up");
      await expect(host.http("echo", echo)).rejects.toMatchObject({ code: "unavailable" });
      await until(() => host.state === "up");
      expect((await host.http("echo", echo)).status).toBe(200);
      expect(channels).toBe(before + 1);
    });

    it("leaves no process behind when it is stopped, and does not start again", async () => {
      const pid = Number((await host.http("echo", echo)).headers["x-pid"]);
      await host.stop();
      expect(isAlive(pid)).toBe(false);
      expect(host.state).toBe("down");
    });

    it("leaves no process behind when the parent is killed", async () => {
      const { script, setup, close } = await harness.child(bundle.functions);
      const program = fileURLToPath(new URL("fixtures/parent.ts", import.meta.url));
      const parent = spawn(process.execPath, [program, script.href, JSON.stringify(setup)], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      try {
        const said: unknown[] = await once(parent.stdout, "data");
        const pid = Number(String(said[0]));
        expect(isAlive(pid)).toBe(true);
        parent.kill("SIGKILL");
        await until(() => !isAlive(pid));
      } finally {
        // Whatever failed, a parent that lives on would hold this run's output open.
        parent.kill("SIGKILL");
        await close?.();
      }
    });
  });
}

function message(handle: string, fail: boolean): Delivery {
  const body = encodeEnvelope({
    v: 1,
    id: handle,
    attempt: 1,
    enqueuedAtMs: 0,
    tenant: "default",
    body: { fail },
  });
  return { handle, receiveCount: 1, body };
}
