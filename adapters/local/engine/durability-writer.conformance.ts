import type { Engine } from "./engine.ts";

const WRITERS = 16;
const DATABASE = "AUTERITY_TEST_DATABASE";
const FIRST = "AUTERITY_TEST_FIRST";

/** What a writing process is told: its database, and the number it begins after. */
export function writerEnvironment(path: string, first: number): NodeJS.ProcessEnv {
  return { ...process.env, [DATABASE]: path, [FIRST]: String(first) };
}

/** The database that this process was told. */
export function databasePath(): string {
  return process.env[DATABASE] ?? "";
}

/** Writes rows and messages without end and prints a number once both of it are acknowledged. */
export async function writeForever(engine: Pick<Engine, "state" | "queue">): Promise<never> {
  const queue = engine.queue("aws");
  let number = Number(process.env[FIRST]);
  const write = async (): Promise<never> => {
    for (;;) {
      number += 1;
      const own = String(number);
      const key = { store: "acks", partition: "p", sort: own };
      const put = { kind: "put", key, data: own, rev: own, expiresAtSeconds: null } as const;
      await Promise.all([
        engine.state.write({ ...put, condition: { kind: "absent", nowSeconds: 0 } }, undefined),
        queue.send("acks", [{ body: own, delaySeconds: 0 }], undefined),
      ]);
      // A pipe is written synchronously: what was printed has left this process.
      process.stdout.write(`${own}\n`);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
  throw new Error("unreachable: writing has no end");
}
