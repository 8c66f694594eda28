import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SingleBar } from "cli-progress";
import { seededRandom } from "#shared/testing";
import { survive } from "../../adapters/local/engine/durability.conformance.ts";

export type EngineRun = {
  readonly kills: number;
  readonly seed: number;
  /** Whether writes are answered before they are durable, which the check must find. */
  readonly isPlanted: boolean;
};

/** Kills processes that write through the embedded engine alone; gives the exit code, 0 when nothing was lost. */
export async function runEngine({ kills, seed, isPlanted }: EngineRun): Promise<number> {
  // Memory-backed where there is such a thing: a killed process loses nothing of a page cache anyway.
  const base = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
  const folder = mkdtempSync(join(base, "auterity-crash-"));
  const child = isPlanted
    ? new URL("planted-writer.ts", import.meta.url)
    : new URL("../../adapters/local/engine/durability-child.conformance.ts", import.meta.url);
  const bar = new SingleBar({
    format:
      "killing  {bar} {value}/{total}  {acknowledged} writes acknowledged  {duration_formatted}",
  });
  bar.start(kills, 0, { acknowledged: 0 });
  try {
    const { acknowledged, lost } = await survive({
      path: join(folder, "engine.db"),
      kills,
      random: seededRandom(seed),
      child,
      onKill: (all) => bar.increment(1, { acknowledged: all }),
    }).finally(() => bar.stop());
    process.stdout.write(
      `crash: ${kills} kills of the engine, ${acknowledged} writes acknowledged, ${lost.length} lost (seed ${seed})\n`,
    );
    return lost.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
