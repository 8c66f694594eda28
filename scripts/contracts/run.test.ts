import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describe as read } from "./read-description.ts";
import { main } from "./run.ts";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const descriptions = join(repository, "scripts/contracts/testing/template");
const openapi = join(descriptions, "openapi.yaml");
const contract = "functions/integrations/acme/contract.json";
const fixture = "functions/integrations/acme/fixtures/create-item.json";
let root: string;

beforeAll(() => {
  // Within the repository, so that `#shared` means the same.
  mkdirSync(join(repository, ".build"), { recursive: true });
  root = mkdtempSync(join(repository, ".build/contracts-"));
  const template = join(repository, "functions/integrations/_template");
  cpSync(template, join(root, "functions/integrations/acme"), { recursive: true });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function edit(file: string, from: string, to: string): void {
  const text = readFileSync(join(root, file), "utf8");
  expect(text).toContain(from);
  writeFileSync(join(root, file), text.replace(from, to));
}

it("makes, checks and verifies a contract, and refuses what is not as described", async () => {
  expect(await main(["--check", openapi, "acme"], root)).toBe(0);
  expect(await main(["verify", descriptions], root)).toBe(0);
  edit(fixture, '"json": { "title"', '"json": { "titel": "x", "title"');
  expect(await main(["verify", descriptions, "acme"], root)).toBe(1);
  expect(await main([openapi, "acme"], root)).toBe(1);
  edit(fixture, '"titel": "x"', '"due": "2026-11-21"');
  expect(await main(["--check", openapi, "acme"], root)).toBe(1);
  expect(await main(["verify", descriptions], root)).toBe(1);
  expect(await main([openapi, "acme"], root)).toBe(0);
  expect(await main(["verify", descriptions], root)).toBe(0);
  expect(readFileSync(join(root, contract), "utf8")).toContain('"due"');
});

it("keeps exceptions, counts them, and refuses one that excuses nothing", async () => {
  const exception = {
    method: "POST",
    path: "/v1/lists/{list}/items",
    at: "body /due",
    reason: "for the test",
  };
  edit(contract, '"exceptions": []', `"exceptions": [${JSON.stringify(exception)}]`);
  expect(await main(["verify", descriptions], root)).toBe(1);
  edit(fixture, "2026-11-21", "soon");
  expect(await main([openapi, "acme"], root)).toBe(0);
  expect(await main(["verify", descriptions], root)).toBe(0);
  expect(readFileSync(join(root, contract), "utf8")).toContain("for the test");
});

it("says how it is used, and wants to know where a description is from", async () => {
  expect(await main(["--help"], root)).toBe(0);
  expect(await main(["acme"], root)).toBe(2);
  await expect(main([join(repository, "package.json"), "acme"], root)).rejects.toThrow(
    "no INDEX.json",
  );
  expect(() => read({ graphql: 1 })).toThrow("none of OpenAPI 3");
});
