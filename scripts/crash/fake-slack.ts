import { createServer, type IncomingMessage, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { type SlackAnswer, SlackWorkspace } from "./slack-workspace.ts";

/** Longest time between the effect of a call and its answer: the window in which a killed caller leaves a doubt. */
const MAX_ANSWER_DELAY_MS = 40;

/**
 * Slack's Web API over HTTP, remembering everything as long as the process lives. `GET /journal` tells all messages
 * without a token.
 */
export function fakeSlack(token: string): Server {
  const workspace = new SlackWorkspace(() => Date.now());
  return createServer((request, response) => {
    void answer(workspace, token, request).then((body) => {
      response.writeHead(200, { "content-type": "application/json; charset=utf-8" });
      response.end(JSON.stringify(body));
    });
  });
}

async function answer(
  workspace: SlackWorkspace,
  token: string,
  request: IncomingMessage,
): Promise<SlackAnswer> {
  const url = new URL(request.url ?? "/", "http://slack.test");
  if (url.pathname === "/journal") return { ok: true, messages: workspace.messages };
  const { authorization, "content-type": type = "" } = request.headers;
  const body = await text(request);
  if (authorization === undefined) return { ok: false, error: "not_authed" };
  if (authorization !== `Bearer ${token}`) return { ok: false, error: "invalid_auth" };
  const input = { ...Object.fromEntries(url.searchParams), ...readBody(type, body) };
  const result = workspace.call(url.pathname.slice(1), input);
  const delayMs = process.env["FAKE_SLACK_DELAY_MS"];
  await sleep(delayMs === undefined ? Math.random() * MAX_ANSWER_DELAY_MS : Number(delayMs));
  return result;
}

function readBody(type: string, body: string): object {
  if (body === "") return {};
  if (!type.startsWith("application/json")) return Object.fromEntries(new URLSearchParams(body));
  const value: unknown = JSON.parse(body);
  return typeof value === "object" && value !== null ? value : {};
}

if (import.meta.main) {
  const server = fakeSlack(process.env["FAKE_SLACK_TOKEN"] ?? "");
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    if (typeof address !== "object" || address === null) throw new Error("no address");
    process.stdout.write(`http://127.0.0.1:${address.port}\n`);
  });
}
