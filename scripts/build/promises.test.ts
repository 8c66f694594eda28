import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { bundle } from "../../esbuild.config.ts";
import integration from "../../functions/integrations/aws-lambda/index.ts";

const scratch = mkdtempSync(join(tmpdir(), "promises-"));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

it("leaves what an integration promises out of its function, and keeps how it is set up", async () => {
  const entry = fileURLToPath(
    new URL("../../functions/integrations/aws-lambda/index.ts", import.meta.url),
  );
  await bundle("gcp", [{ in: entry, out: "function" }], scratch);
  const text = readFileSync(join(scratch, "function.mjs"), "utf8");
  const { does = [], setup } = integration.catalog;
  expect(does.map(({ line }) => text.includes(line))).toEqual(does.map(() => false));
  expect(setup.map((step) => text.includes(step))).toEqual(setup.map(() => true));
});
