import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openEngine } from "./engine/engine.ts";
import { serveEngine } from "./engine/serve.ts";
import { setSecret } from "./secrets/edit-secrets.ts";
import { systemClock } from "./system.ts";

it("gives a host's process its engine, its secrets and no more than that", async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), "auterity-"));
  setSecret(dataFolder, "stored-key", "canary in the file");
  const engine = openEngine({
    path: ":memory:",
    clock: systemClock,
    blobFolder: join(dataFolder, "blobs"),
  });
  const child = fork(new URL("ports-child.ts", import.meta.url), {
    execArgv: [],
    serialization: "advanced",
    env: {
      AUTERITY_TOKEN: "local-token",
      AUTERITY_DATA: dataFolder,
      AUTERITY_SECRET_STRIPE_KEY: "canary",
      AUTERITY_DEFAULT_SECRET_STORED_KEY: "canary of last resort",
      AUTERITY_BASE_URL_SLACK: "http://127.0.0.1:9",
      AUTERITY_GATEWAY_URL: "http://127.0.0.1:4499",
      PATH: process.env["PATH"],
    },
  });
  serveEngine(engine, "gcp", child, [{ topic: "orders", queue: "heard", types: ["order.placed"] }]);
  // The engine's frames pass on the same port; the report is the one message that is none.
  const report = await new Promise((resolve, reject) => {
    child.on("exit", (code) => reject(new Error(`the child ended with ${code}`)));
    child.on("message", (message) => {
      if (typeof message === "object" && "row" in message) resolve(message);
    });
  });
  expect(report).toMatchObject({
    row: { data: "1", rev: "r1", handle: "r1" },
    content: "content",
    signed: expect.stringMatching(/^http:\/\/127\.0\.0\.1:4499\/v1\/blobs\/files\/t~~k\?/),
    secret: { value: "canary" },
    stored: { value: "canary in the file", version: "1" },
    identity: { tenant: "default" },
    settings: { AUTERITY_BASE_URL_SLACK: "http://127.0.0.1:9" },
    slept: "over",
    chance: [expect.stringMatching(/^[0-9a-f-]{36}$/), 4, true],
  });
  expect(JSON.stringify(Reflect.get(Object(report), "settings"))).not.toMatch(
    /canary|local-token|AUTERITY_DATA/,
  );
  expect(await engine.lease("jobs", 1, 60)).toMatchObject([{ body: "hello", home: "gcp" }]);
  expect(await engine.lease("heard", 2, 60)).toMatchObject([{ home: "gcp" }]);
  child.kill();
  await once(child, "exit");
  await engine.close();
  rmSync(dataFolder, { recursive: true });
});
