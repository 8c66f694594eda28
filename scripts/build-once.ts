import { fileURLToPath } from "node:url";
import { buildAll } from "./build/build.ts";

/** Before the tests: build once, so that every test of a bundle sees the tree as it is. */
export default async function setup(): Promise<void> {
  await buildAll(fileURLToPath(new URL("../", import.meta.url)));
}
