import { existsSync, readdirSync, readFileSync } from "node:fs";

/** A process that is told apart from a later one with the same id by when it began. */
export type Process = { readonly pid: number; readonly began: string };

type Stat = Process & { readonly parent: number; readonly state: string };

/** All processes below one, itself included, whatever group they moved to. Empty where there is no `/proc`. */
export function processTree(root: number): Process[] {
  if (!existsSync("/proc/self/stat")) return [];
  const pids = readdirSync("/proc").map(Number).filter(Number.isInteger);
  const all = pids.flatMap((pid) => readStat(pid) ?? []);
  const found = all.filter(({ pid }) => pid === root);
  for (const { pid } of found) found.push(...all.filter(({ parent }) => parent === pid));
  return found;
}

/** True while the very same process runs; one that only waits to be reaped does not. */
export function isRunning({ pid, began }: Process): boolean {
  const stat = readStat(pid);
  return stat !== undefined && stat.began === began && stat.state !== "Z";
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html; the name in parentheses may hold anything. */
function readStat(pid: number): Stat | undefined {
  let line: string;
  try {
    line = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined;
  }
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  const [state = "", parent = ""] = fields;
  return { pid, began: fields[19] ?? "", parent: Number(parent), state };
}
