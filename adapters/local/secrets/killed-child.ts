import { setSecret } from "./edit-secrets.ts";

/** Sets one secret after the other and prints each number once it is stored, until it is killed. */
const folder = process.env["AUTERITY_TEST_FOLDER"] ?? "";
for (let number = Number(process.env["AUTERITY_TEST_FIRST"]); ; number += 1) {
  setSecret(folder, `key-${number % 20}`, String(number));
  // A pipe is written synchronously: what was printed has left this process.
  process.stdout.write(`${number}\n`);
}
