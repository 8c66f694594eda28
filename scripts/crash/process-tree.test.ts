import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isRunning, processTree } from "./process-tree.ts";

/** A process with a child of its own in another group, which prints the child's id. */
const parent = `
  const { spawn } = require("node:child_process");
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true });
  process.stdout.write(String(child.pid));
  setInterval(() => {}, 1000);
`;

describe("processTree", () => {
  it("finds children that left the group, and tells when they are gone", async () => {
    const child = spawn(process.execPath, ["-e", parent], { stdio: ["ignore", "pipe", "inherit"] });
    const printed = await new Promise<string>((resolve) =>
      child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString())),
    );
    const grandchild = Number(printed);
    const tree = processTree(child.pid ?? 0);
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
    // Without a /proc there is nothing to find, and nothing is claimed.
    const expected = existsSync("/proc/self/stat") ? [child.pid, grandchild] : [];
    expect(tree.map(({ pid }) => pid)).toEqual(expected);
    const survivors = tree.filter(isRunning).map(({ pid }) => pid);
    expect(survivors).toEqual(expected.slice(1));
    process.kill(grandchild, "SIGKILL");
  });
});
