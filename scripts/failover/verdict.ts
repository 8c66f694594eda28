import type { Made } from "./load.ts";

export type Findings = {
  readonly calls: number;
  /** Calls that were not answered as they should be. */
  readonly failed: readonly string[];
  /** Of them those that began when the host had been dead for a while. */
  readonly failedLate: readonly string[];
  /** Posts that were under way when a host was killed, and of which nobody can tell whether they were made. */
  readonly inDoubt: readonly string[];
  readonly doubled: readonly string[];
  readonly missing: readonly string[];
};

/** After so long no call may notice that a host is gone. */
const OPEN_AFTER_MS = 500;

/**
 * Judges what callers saw by what was really posted. A post that was under way on a host when that was killed may be
 * answered by 409 `aborted`: Slack takes no keys, so that only a repeat could tell, and it might post twice. Nothing else
 * may fail.
 */
export function judge(
  made: readonly Made[],
  kills: readonly { readonly atMs: number }[],
  posted: readonly string[],
): Findings {
  const counts = new Map<string, number>();
  for (const text of posted) counts.set(text, (counts.get(text) ?? 0) + 1);
  const bad = made.filter(({ status }) => status !== 200);
  const inDoubt = bad.filter((one) => isInDoubt(one, kills));
  const failed = bad.filter((one) => !inDoubt.includes(one));
  return {
    calls: made.length,
    failed: failed.map(say),
    failedLate: failed.filter((one) => isLate(one, kills)).map(say),
    inDoubt: inDoubt.map(say),
    doubled: texts(made).filter((text) => (counts.get(text) ?? 0) > 1),
    missing: texts(made.filter(({ status }) => status === 200)).filter((text) => !counts.has(text)),
  };
}

function isInDoubt(
  { text, status, code, beganMs, endedMs }: Made,
  kills: readonly { readonly atMs: number }[],
): boolean {
  const isUnderWay = kills.some(({ atMs }) => beganMs <= atMs && endedMs >= atMs);
  return text !== undefined && status === 409 && code === "aborted" && isUnderWay;
}

function isLate({ beganMs }: Made, kills: readonly { readonly atMs: number }[]): boolean {
  return kills.every(({ atMs }) => beganMs < atMs || beganMs > atMs + OPEN_AFTER_MS);
}

function say({ text, status, code, runtime }: Made): string {
  return `${text === undefined ? "read" : "post"} answered ${status} ${code} by ${runtime || "nobody"}`;
}

function texts(calls: readonly Made[]): string[] {
  return calls.flatMap(({ text }) => text ?? []);
}
