import { mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEngine } from "../../adapters/local/engine/engine.ts";
import { median } from "../measure.ts";
import type { Figure, Row } from "../report.ts";

const ROUNDS = 5;
const SECONDS = 1;
const WRITERS = 256;
const LEAST_PER_SECOND = 10_000;
const data = JSON.stringify({ text: "x".repeat(1_000) });
/** https://man7.org/linux/man-pages/man2/statfs.2.html */
const TMPFS = 0x01021994;

/** How many conditional puts the embedded engine makes durable in a second, on memory and on the disk. */
export async function engineWrites(): Promise<Row> {
  return {
    id: "engine-writes",
    title: `Embedded engine: durable conditional puts of 1 KB (${WRITERS} writers, each on its own row)`,
    figures: [
      { ...(await measure("tmpfs", "/dev/shm")), target: `≥ ${LEAST_PER_SECOND}` },
      await measure("disk", process.env["AUTERITY_BENCH_DISK"] ?? tmpdir()),
    ].map((figure) =>
      "target" in figure ? { ...figure, met: figure.value >= LEAST_PER_SECOND } : figure,
    ),
    notes: [
      "each put names the revision that it replaces, and counts once its COMMIT has returned",
    ],
  };
}

async function measure(name: string, base: string): Promise<Figure> {
  const folder = mkdtempSync(join(base, "auterity-bench-"));
  const isMemory = statfsSync(folder).type === TMPFS;
  try {
    const rounds: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      rounds.push(await putsPerSecond(join(folder, `${round}.db`)));
    }
    const where = isMemory === (name === "tmpfs") ? name : `${name} (${base} is none)`;
    return { name: where, value: median(rounds), unit: "puts/s" };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function putsPerSecond(path: string): Promise<number> {
  const engine = openEngine({ path, clock: Date });
  let puts = 0;
  const write = async (writer: number, untilMs: number): Promise<void> => {
    const key = { store: "bench", partition: "p", sort: `row-${writer}` };
    let handle = "";
    for (let count = 1; performance.now() < untilMs; count += 1) {
      const result = await engine.state.write(
        {
          kind: "put",
          key,
          data,
          rev: `${path}-${writer}-${count}`,
          expiresAtSeconds: null,
          condition: handle === "" ? { kind: "absent", nowSeconds: 0 } : { kind: "handle", handle },
        },
        undefined,
      );
      if (!result.ok) throw new Error("a put met another row");
      ({ handle } = result);
      puts += 1;
    }
  };
  const startMs = performance.now();
  const untilMs = startMs + SECONDS * 1000;
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer, untilMs)));
  const perSecond = (puts * 1000) / (performance.now() - startMs);
  await engine.close();
  return perSecond;
}
