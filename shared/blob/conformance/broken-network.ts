import { Fault } from "#shared/errors";
import { faultyBlobs, seededFaults } from "#shared/faults";
import { seededRandom } from "#shared/testing";
import { expect } from "vitest";
import type { Bucket } from "../bucket.ts";
import { type BenchRule, textOf } from "./bench.ts";

const WRITERS = 2;
const WRITES = 2;
const rates = { throttled: 0.1, resetBefore: 0.1, resetAfter: 0.15, late: 0.05 };

/** Connections break at every place, over and over, while several writers add to one blob. */
export function brokenNetworkRule(rule: BenchRule, seeds: number): void {
  rule(
    "B36",
    `over ${seeds} seeds of a broken network no write is lost or done twice`,
    async (bench) => {
      for (let seed = 1; seed <= seeds; seed += 1) {
        const faults = seededFaults({ random: seededRandom(seed), rates });
        const { driver } = faultyBlobs(bench.driver, faults);
        const blobs = bench.open({ driver, tenant: `${bench.tenant}-${seed}` });
        const sent = Array.from({ length: WRITERS }, (_, writer) => append(blobs, writer));
        const told = new Map((await Promise.all(sent)).flat());
        const clean = bench.open({ tenant: `${bench.tenant}-${seed}` });
        const lines = (textOf(await clean.get("log")) ?? "").split("\n").filter(Boolean);
        expect(new Set(lines).size, `seed ${seed}`).toBe(lines.length);
        for (const [line, outcome] of told) {
          if (outcome === "unknown") continue;
          expect(lines.includes(line), `seed ${seed}: ${line}`).toBe(outcome === "done");
        }
      }
    },
  );
}

type Told = "done" | "refused" | "unknown";

/** Adds lines by compare-and-set, each once, and gives what it was told of each. */
async function append(blobs: Bucket, writer: number): Promise<[string, Told][]> {
  const told: [string, Told][] = [];
  for (let count = 0; count < WRITES; count += 1) {
    const line = `${writer}.${count}`;
    told.push([line, await addLine(blobs, line)]);
  }
  return told;
}

async function addLine(blobs: Bucket, line: string): Promise<Told> {
  try {
    const found = await blobs.get("log");
    const content = `${textOf(found) ?? ""}${line}\n`;
    const { ok } = await blobs.put("log", content, { ifEtag: found?.etag ?? "absent" });
    return ok ? "done" : "refused";
  } catch (thrown) {
    if (!Fault.is(thrown)) throw thrown;
    return thrown.details["outcome"] === "unknown" ? "unknown" : "refused";
  }
}
