import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { actionClient } from "#shared/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderClientTypes } from "./client-types.ts";
import { renderManifest } from "./manifest.ts";
import { readRegistry } from "./registry.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
let folder: string;

beforeAll(async () => {
  mkdirSync(join(root, ".build"), { recursive: true });
  folder = mkdtempSync(join(root, ".build/client-types-"));
  const { integrations } = renderManifest(await readRegistry(root));
  writeFileSync(join(folder, "actions.ts"), renderClientTypes(integrations));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the compiler says of a program that calls actions. */
function compile(program: string): string {
  const head = `import { actionClient } from "#shared/client";
import type { Actions } from "./actions.ts";
const fetch = async () => new Response();
const actions = actionClient<Actions>({ gatewayUrl: "http://127.0.0.1", token: "t", fetch });\n`;
  writeFileSync(join(folder, "program.ts"), head + program);
  const config = { extends: "../../tsconfig.json", include: ["program.ts"] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  try {
    return execFileSync("tsc", ["--noEmit", "-p", folder], { cwd: root, encoding: "utf8" });
  } catch (error) {
    return String(Reflect.get(Object(error), "stdout"));
  }
}

describe("the types of actions", () => {
  it("compile, and let through what the schemas take", () => {
    const program = `const posted = await actions.slack.postMessage({ channel: "#general", text: "hello" });
export const ts: string = posted.ts;`;
    expect(compile(program)).toBe("");
  });

  it.each([
    ["a member that is missing", 'await actions.slack.postMessage({ text: "hello" });', "channel"],
    ["an action that is not there", "await actions.slack.postMesage({});", "postMesage"],
    ["another type", "await actions.githubActions.rerunWorkflowRun({ run: {} });", "run"],
  ])("catch %s", (_, program, named) => {
    expect(compile(`${program}\nexport {};`)).toContain(named);
  });
});

describe("the client", () => {
  type Types = { slack: { sendText: { input: { text: string }; output: { ts: string } } } };
  const seen: { url: string; init: RequestInit }[] = [];
  const clientFor = (response: () => Response | Promise<Response>) =>
    actionClient<Types>({
      gatewayUrl: "https://gateway.example",
      token: "t",
      fetch: async (url, init) => {
        seen.push({ url: url.href, init });
        return response();
      },
    });

  it("calls the action that its name says, under a key", async () => {
    const { slack } = clientFor(() => Response.json({ ts: "1.2" }));
    expect(await slack.sendText({ text: "hi" }, { idempotencyKey: "k" })).toEqual({ ts: "1.2" });
    expect(seen.at(-1)).toMatchObject({
      url: "https://gateway.example/v1/integrations/slack/actions/send-text",
      init: { method: "POST", body: '{"text":"hi"}', headers: { "idempotency-key": "k" } },
    });
  });

  it("throws the fault that the action had, or says that nothing answered", async () => {
    const problem = { code: "not_found", origin: "upstream", detail: "no such channel" };
    const failing = clientFor(() => Response.json(problem, { status: 502 }));
    await expect(failing.slack.sendText({ text: "" })).rejects.toMatchObject({
      code: "not_found",
      origin: "upstream",
      message: "no such channel",
    });
    const silent = clientFor(() => Promise.reject(new TypeError("fetch failed")));
    await expect(silent.slack.sendText({ text: "" })).rejects.toMatchObject({
      code: "unavailable",
    });
    const odd = clientFor(() => new Response("<html>", { status: 500 }));
    await expect(odd.slack.sendText({ text: "" })).rejects.toMatchObject({ code: "internal" });
  });
});
