import { readFileSync } from "node:fs";
import { isRunning, type Process, processTree } from "../crash/process-tree.ts";

/** Kills the process of one cloud's host below the product's, without warning. Throws where there is none. */
export function killHost(productPid: number | undefined, runtime: string): void {
  const found = productPid === undefined ? [] : processTree(productPid).filter(isHostOf(runtime));
  const [host] = found;
  if (host === undefined || found.length > 1 || !isRunning(host)) {
    throw new Error(`${found.length} processes host ${runtime}; one was expected`);
  }
  process.kill(host.pid, "SIGKILL");
}

function isHostOf(runtime: string): (process: Process) => boolean {
  return ({ pid }) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(`/hosts/${runtime}-child.ts`);
    } catch {
      // It has just ended.
      return false;
    }
  };
}
