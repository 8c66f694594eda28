import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { askTerminal } from "./ask.ts";
import { main } from "./main.ts";
import { openProduct } from "./product.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
process.exitCode = await main(process.argv.slice(2), {
  product: () => openProduct(process.env, process.env["AUTERITY_DATA"] ?? join(root, ".auterity")),
  ask: process.stdin.isTTY ? askTerminal : undefined,
  stdin: () => text(process.stdin),
  print: (line) => void process.stdout.write(`${line}\n`),
  complain: (line) => void process.stderr.write(`${line}\n`),
});
