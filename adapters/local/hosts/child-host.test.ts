import { afterEach, describe, expect, it } from "vitest";
import { ChildHost, type ChildHostOptions } from "./child-host.ts";
import { isAlive, until } from "./processes.ts";

const running: ChildHost[] = [];
afterEach(() => Promise.all(running.splice(0).map((host) => host.stop())));

function start(
  setup: string,
  more: Partial<ChildHostOptions> = {},
): ChildHost & { lines: string[] } {
  const lines: string[] = [];
  const host = new ChildHost({
    runtime: "test",
    script: new URL("fixtures/program.ts", import.meta.url),
    setup,
    env: {},
    timeoutMs: 500,
    onChannel: () => undefined,
    onOutput: (line) => void lines.push(line),
    ...more,
  });
  running.push(host);
  return Object.assign(host, { lines });
}

describe("ChildHost", () => {
  it("hands over the setup, the program's words and the answers to calls", async () => {
    const details: unknown[] = [];
    const host = start("plain", { onReady: (detail) => void details.push(detail) });
    await host.ready();
    expect(host.state).toBe("up");
    expect(details).toEqual([{ pid: host.pid }]);
    const bytes = new Uint8Array([0, 255]);
    expect(await host.call("echo", { bytes, nothing: undefined })).toEqual({ bytes });
    await expect(host.call("refuse", null)).rejects.toThrow("planned");
    await until(() => host.lines.includes('started with "plain"'));
  });

  it("gives up a call after its time", async () => {
    const host = start("plain");
    await host.ready();
    await expect(host.call("hang", null)).rejects.toMatchObject({
      code: "deadline_exceeded",
      origin: "platform",
    });
  });

  it("refuses calls before it is up", async () => {
    await expect(start("plain").call("echo", 1)).rejects.toMatchObject({ code: "unavailable" });
  });

  it("rejects calls of a program that dies, and starts it again, each time it dies", async () => {
    const host = start("plain", { timeoutMs: 10_000 });
    await host.ready();
    for (let round = 0; round < 2; round++) {
      const { pid = 0 } = host;
      const lost = host.call("hang", null);
      process.kill(pid, "SIGKILL");
      await expect(lost).rejects.toMatchObject({ code: "unavailable", origin: "platform" });
      await until(() => host.state === "up" && host.pid !== pid);
      expect(await host.call("echo", round)).toBe(round);
    }
  });

  it("says so when a program cannot come up, and leaves it at that", async () => {
    const host = start("broken");
    await expect(host.ready()).rejects.toMatchObject({ code: "unavailable" });
    expect(host.state).toBe("down");
    await until(() => host.lines.filter((line) => line.startsWith("started")).length === 3);
  });

  it("kills a program that does not end when it is asked to", async () => {
    const host = start("stubborn");
    await host.ready();
    const { pid = 0 } = host;
    await host.stop();
    expect(isAlive(pid)).toBe(false);
    expect(host.state).toBe("down");
  });
});
