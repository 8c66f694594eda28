import { openEngine } from "./engine.ts";

/** Writes rows and messages without end and prints a number once both of it are acknowledged, until it is killed. */
const WRITERS = 16;
const engine = openEngine({
  path: process.env["AUTERITY_TEST_DATABASE"] ?? "",
  clock: { now: () => Date.now() },
});
const queue = engine.queue("aws");
let number = Number(process.env["AUTERITY_TEST_FIRST"]);

async function writeForever(): Promise<never> {
  for (;;) {
    number += 1;
    const own = String(number);
    const key = { store: "acks", partition: "p", sort: own };
    const message = { body: own, delaySeconds: 0 };
    const put = { kind: "put", key, data: own, rev: own, expiresAtSeconds: null } as const;
    await Promise.all([
      engine.state.write({ ...put, condition: { kind: "absent", nowSeconds: 0 } }, undefined),
      queue.send("acks", [message], undefined),
    ]);
    // A pipe is written synchronously: what was printed has left this process.
    process.stdout.write(`${own}\n`);
  }
}

await Promise.all(Array.from({ length: WRITERS }, writeForever));
