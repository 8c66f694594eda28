import { fileURLToPath } from "node:url";
import { main } from "./main.ts";
import { priceLists } from "./price-lists.ts";

process.exitCode = await main(process.argv.slice(2), {
  root: fileURLToPath(new URL("../../", import.meta.url)),
  lists: priceLists,
  send: fetch,
  env: process.env,
  today: new Date().toISOString().slice(0, 10),
  print: (text) => void process.stdout.write(text),
  complain: (text) => void process.stderr.write(text),
});
