import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bindFunction } from "#shared/host";
import { type Integration, integrationFunction } from "#shared/integration";
import { memoryToken, socketPorts } from "#shared/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readFixtures, startSandbox } from "../adapters/local/sandbox.ts";
import { createIntegration, main } from "./new.ts";

const repository = fileURLToPath(new URL("../", import.meta.url));
let root: string;

beforeAll(() => {
  // Within the repository, so that `#shared` means what it means to a newcomer.
  mkdirSync(join(repository, ".build"), { recursive: true });
  root = mkdtempSync(join(repository, ".build/new-"));
  const integrations = "functions/integrations";
  cpSync(join(repository, integrations, "_template"), join(root, integrations, "_template"), {
    recursive: true,
  });
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

describe("npm run new integration", () => {
  it("makes an integration that answers from its own sandbox at once", async () => {
    const folder = createIntegration(root, "my-vendor");
    const { default: integration }: { default: Integration } = await import(
      pathToFileURL(join(root, folder, "index.ts")).href
    );
    expect(integration).toMatchObject({ id: "my-vendor", title: "My Vendor" });
    const sandbox = await startSandbox(readFixtures(join(root, "functions/integrations")));
    const ports = socketPorts({ settings: { AUTERITY_SANDBOX_URL: sandbox.url } });
    const bound = bindFunction(
      integrationFunction(integration, { subscribers: [] }),
      ports,
      "test",
    );
    const answer = await bound.http(
      {
        method: "POST",
        path: "/v1/integrations/my-vendor/actions/create-item",
        query: "",
        headers: { authorization: `Bearer ${memoryToken}` },
        body: '{"list":"inbox","title":"Hello"}',
        clientIp: undefined,
      },
      { id: "new-test-1", remainingMs: () => 10_000 },
    );
    await sandbox.close();
    expect(answer).toMatchObject({ status: 200, headers: { "x-auterity-sandbox": "true" } });
    expect(sandbox.journal()).toEqual({ "my-vendor POST /lists/inbox%2Ftoday/items": 1 });
  });

  it("makes one that passes every test of integrations, before a line of it is changed", () => {
    const own = mkdtempSync(join(repository, ".build/new-"));
    const integrations = join(own, "functions/integrations");
    cpSync(join(repository, "functions/integrations/_template"), join(integrations, "_template"), {
      recursive: true,
    });
    const suite = "functions/integrations/contract.test.ts";
    cpSync(join(repository, suite), join(own, suite));
    expect(main(["integration", "my-vendor"], own)).toBe(0);
    const config = join(own, "vitest.config.ts");
    writeFileSync(config, `export default { test: { include: ["functions/**/*.test.ts"] } };\n`);
    const { stdout } = spawnSync("vitest", ["run", "--root", own, "--config", config], {
      cwd: repository,
      encoding: "utf8",
      env: { PATH: process.env["PATH"], NO_COLOR: "1" },
    });
    rmSync(own, { recursive: true, force: true });
    expect(stdout).toMatch(/Tests {2}\d+ passed/);
    expect(stdout).not.toContain("failed");
  }, 60_000);

  it("leaves nothing of the template's name", () => {
    const folder = join(root, createIntegration(root, "acme2"));
    for (const file of ["index.ts", "client.ts", "contract.json", "fixtures/create-item.json"]) {
      expect(readFileSync(join(folder, file), "utf8")).not.toMatch(/template/i);
    }
  });

  it.each([
    "",
    "a",
    "Slack",
    "my_vendor",
    "-vendor",
    "vendor-",
    "my--vendor",
    "1password",
    "../escape",
    "a/b",
    "template",
    "_template",
    "x".repeat(29),
  ])("refuses the id %j", (id) => {
    expect(() => createIntegration(root, id)).toThrow("is no id");
  });

  it("refuses an id that is taken, and leaves what is there alone", () => {
    const folder = createIntegration(root, "taken");
    rmSync(join(root, folder, "client.ts"));
    expect(() => createIntegration(root, "taken")).toThrow("exists already");
    expect(existsSync(join(root, folder, "client.ts"))).toBe(false);
  });
});
