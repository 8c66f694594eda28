import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "#shared/testing";
import { buildAll } from "../build/build.ts";
import { call, type ProductClient } from "../demo/product-client.ts";
import { ProductProcess } from "./product-process.ts";

/** A product that was never started, and the Slack it is to use. */
export type Setup = {
  readonly product: ProductProcess;
  readonly client: ProductClient;
  readonly webhookSecret: string;
  readonly databasePath: string;
  readonly slackUrl: string;
  /** Ends and removes everything. */
  dispose(): Promise<void>;
};

/**
 * Builds once, starts the fake Slack and chooses port, folder and secrets for a product of its own. Slack takes a random
 * moment to answer, or as long as told.
 */
export async function prepare(script: string, slackDelayMs?: number): Promise<Setup> {
  await buildAll(fileURLToPath(new URL("../../", import.meta.url)));
  // Memory-backed where there is such a thing: a killed process loses nothing of a page cache anyway.
  const base = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
  const folder = mkdtempSync(join(base, "auterity-crash-"));
  const [token, webhookSecret, slackToken] = [secret(), secret(), secret()];
  const slack = await startSlack(slackToken, slackDelayMs);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    PORT: String(port),
    AUTERITY_DATA: folder,
    AUTERITY_TOKEN: token,
    AUTERITY_PREBUILT: "1",
    AUTERITY_SECRET_GITHUB_ACTIONS_WEBHOOK_SECRET: webhookSecret,
    AUTERITY_SECRET_SLACK_TOKEN: slackToken,
    AUTERITY_BASE_URL_SLACK: slack.url,
  };
  const product = new ProductProcess({ url, script, env });
  return {
    product,
    client: { url, token },
    webhookSecret,
    databasePath: join(folder, "auterity.db"),
    slackUrl: slack.url,
    async dispose() {
      await product.close();
      slack.process.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Gives every repository a channel of its own, as an id: history is read by id only. */
export async function setChannels(
  client: ProductClient,
  repositories: readonly string[],
): Promise<void> {
  for (const [index, repository] of repositories.entries()) {
    const channel = `C0CRASH${String(index).padStart(3, "0")}`;
    const { status } = await call(client, "POST", "/v1/functions/pulse-settings", {
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ repository, channel }),
    });
    if (status !== 200) throw new Error(`pulse-settings answered ${status}`);
  }
}

async function startSlack(
  token: string,
  delayMs: number | undefined,
): Promise<{ process: ChildProcess; url: string }> {
  const script = fileURLToPath(new URL("fake-slack.ts", import.meta.url));
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, FAKE_SLACK_TOKEN: token, FAKE_SLACK_DELAY_MS: delayMs?.toString() },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (line: Buffer) => resolve(line.toString().trim()));
    child.once("exit", (code) => reject(new Error(`the fake Slack ended with ${code}`)));
  });
  return { process: child, url };
}

function secret(): string {
  return randomBytes(24).toString("hex");
}
