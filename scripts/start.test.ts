import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { buildAll } from "./build/build.ts";
import { afterEach, describe, expect, it } from "vitest";

const script = fileURLToPath(new URL("start.ts", import.meta.url));
const folders: string[] = [];

/** Starts the command line in a process group of its own, as a shell does. */
function run(args: readonly string[], data = mkdtempSync(join(tmpdir(), "auterity-start-"))) {
  folders.push(data);
  const child = spawn(process.execPath, [script, ...args], {
    detached: true,
    env: { PATH: process.env["PATH"], AUTERITY_DATA: data, AUTERITY_PREBUILT: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  }
  return { child, data, output: () => output };
}

/** True while any process of the group lives. */
function groupLives(pid: number): boolean {
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 300 && !condition(); tries++) await sleep(100);
  expect(condition()).toBe(true);
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe("npm start", () => {
  it("says what it can do", async () => {
    const { child, output } = run(["--help"]);
    await once(child, "exit");
    expect(child.exitCode).toBe(0);
    for (const word of ["--port", "--as", "AUTERITY_DATA", "AUTERITY_SECRET_"]) {
      expect(output()).toContain(word);
    }
  });

  it("refuses what it does not know, with the reason", async () => {
    const { child, output } = run(["--bogus"]);
    await once(child, "exit");
    expect(child.exitCode).toBe(1);
    expect(output()).toContain("--bogus");
  });

  it("prints the console's link, and leaves nothing running after Ctrl-C", async () => {
    const { child, output, data } = run(["--port", "0", "--quiet"]);
    const pid = child.pid ?? 0;
    await until(() => output().includes("auterity is up"));
    expect(output()).toMatch(/console {3}http:\/\/127\.0\.0\.1:\d+\/#token=aut_/);
    const second = run(["--port", "0"], data);
    await once(second.child, "exit");
    expect(second.child.exitCode).toBe(1);
    expect(second.output()).toContain("another process owns the data folder");
    // Ctrl-C reaches the whole group.
    process.kill(-pid, "SIGINT");
    await once(child, "exit");
    expect(child.exitCode).toBe(0);
    await until(() => !groupLives(pid));
  });

  it("stops each cloud's engines with it", async () => {
    await buildAll(fileURLToPath(new URL("../", import.meta.url)), "emulators");
    const { child, output } = run(["--port", "0", "--quiet", "--engines", "emulators"]);
    const pid = child.pid ?? 0;
    await until(() => output().includes("auterity is up") || child.exitCode !== null);
    const needed = [/azure +works on cosmosdb-server and Azurite/, /needs Java|is not installed/];
    expect(needed.some((text) => text.test(output()))).toBe(true);
    if (child.exitCode === null) {
      process.kill(-pid, "SIGINT");
      await once(child, "exit");
    }
    await until(() => !groupLives(pid));
  }, 120_000);

  it("takes its hosts with it when it is killed", async () => {
    const { child, output } = run(["--port", "0", "--quiet"]);
    const pid = child.pid ?? 0;
    await until(() => output().includes("auterity is up"));
    child.kill("SIGKILL");
    await once(child, "exit");
    await until(() => !groupLives(pid));
    expect(groupLives(pid)).toBe(false);
  });
});
