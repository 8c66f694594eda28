import { createHmac } from "node:crypto";
import { gitHubDelivery } from "./github-deliveries.ts";
import { type Answer, call, type ProductClient } from "./product-client.ts";

/** An attempt that must be refused, and what came of it. */
export type Refusal = {
  readonly what: string;
  readonly expected: number;
  readonly got: number;
  readonly problem: boolean;
  readonly stored: boolean;
};

const GITHUB = "/v1/webhooks/github-actions/default";
const FIVE_MINUTES = 300;

/** Tries what an attacker or a misconfigured vendor would send; nothing of it may be accepted or kept. */
export async function tryRefusals(
  client: ProductClient,
  secrets: { readonly github: string; readonly slack: string },
): Promise<Refusal[]> {
  const seed = `refused/${Date.now()}`;
  const good = gitHubDelivery("push", '{"ref":"refs/heads/main"}', secrets.github, seed);
  const { "x-hub-signature-256": _, ...unsigned } = good.headers;
  const wrongKey = gitHubDelivery("push", good.body, "not the secret of anyone", seed);
  const stale = staleSlack(secrets.slack, `Ev${Date.now()}`);
  const attempts: [string, number, string, Readonly<Record<string, string>>, string][] = [
    ["tampered body", 401, GITHUB, good.headers, good.body.replace("main", "evil")],
    ["missing signature", 401, GITHUB, unsigned, good.body],
    ["signature of another secret", 401, GITHUB, wrongKey.headers, good.body],
    ["stale signature (Slack)", 401, "/v1/webhooks/slack/default", stale.headers, stale.body],
    ["unknown connection", 404, "/v1/webhooks/github-actions/nobody", good.headers, good.body],
    ["unknown integration", 404, "/v1/webhooks/nothing/default", good.headers, good.body],
  ];
  const refusals: Refusal[] = [];
  for (const [what, expected, path, headers, body] of attempts) {
    const answer = await call(client, "POST", path, { headers, body });
    const id = headers["x-github-delivery"] ?? stale.id;
    refusals.push({
      what,
      expected,
      got: answer.status,
      problem: isProblem(answer),
      stored: await wasStored(client, id),
    });
  }
  return refusals;
}

// A stored event has at least one run that names it: the one that stored it.
async function wasStored(client: ProductClient, id: string): Promise<boolean> {
  const { json } = await call(client, "GET", `/v1/runs?event=${encodeURIComponent(id)}`);
  return Array.isArray(json["items"]) && json["items"].length > 0;
}

function isProblem({ headers, json }: Answer): boolean {
  return headers.get("content-type") === "application/problem+json" && "code" in json;
}

/** A correctly signed Slack event that is ten minutes old: https://docs.slack.dev/authentication/verifying-requests-from-slack */
function staleSlack(secret: string, id: string) {
  const timestamp = String(Math.floor(Date.now() / 1000) - 2 * FIVE_MINUTES);
  const body = JSON.stringify({
    type: "event_callback",
    team_id: "T0001",
    event_id: id,
    event: { type: "message" },
  });
  const signature = createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex");
  return {
    id,
    body,
    headers: {
      "content-type": "application/json",
      "x-slack-request-timestamp": timestamp,
      "x-slack-signature": `v0=${signature}`,
    },
  };
}
