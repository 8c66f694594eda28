import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineFunction, httpTrigger } from "#shared/function";
import { models } from "#shared/models";
import { expect, it } from "vitest";
import * as z from "zod";
import { writeEntries } from "./entries.ts";

const answers = models("answers", { task: "answer" });

it("gives models to entries of functions that use them, and to no others", () => {
  const folder = mkdtempSync(join(tmpdir(), "auterity-entries-"));
  const deployables = (["asks", "does-not-ask"] as const).map((name) => ({
    name,
    definition: defineFunction({
      name,
      summary: "Asks",
      trigger: httpTrigger("POST", "/"),
      input: z.unknown(),
      uses: name === "asks" ? { answers: answers.grant("chat") } : {},
      handler: async () => "ok",
    }),
    source: { imports: "", expression: "undefined" },
  }));
  writeEntries(folder, deployables, "embedded");
  const entry = (path: string): string => readFileSync(join(folder, path), "utf8");
  for (const cloud of ["aws", "gcp"]) {
    expect(entry(`${cloud}/asks.ts`)).toContain(`withModels(localPorts("${cloud}", telemetry))`);
    expect(entry(`${cloud}/does-not-ask.ts`)).not.toContain("withModels");
  }
  expect(entry("azure/main.ts")).toContain("withModels(");
  writeEntries(folder, deployables.slice(1), "embedded");
  expect(entry("azure/main.ts")).not.toContain("withModels");
  rmSync(folder, { recursive: true });
});
