import { createHash, createHmac } from "node:crypto";
import examples from "@octokit/webhooks-examples" with { type: "json" };

/** A signed webhook request as GitHub would send it. */
export type GitHubDelivery = {
  /** GitHub's delivery id; stable per payload and runtime, so that a second demo repeats the first. */
  readonly id: string;
  readonly event: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
};

/**
 * Every real payload of the npm package, as deliveries of their own for one runtime, signed with the secret:
 * https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
 * Each runtime's are about repositories of its own: those of another would tell it nothing new.
 */
export function gitHubDeliveries(runtime: string, secret: string): GitHubDelivery[] {
  return examples.flatMap(({ name, examples: payloads }) =>
    payloads.map((payload, index) =>
      gitHubDelivery(
        name,
        JSON.stringify(ownedBy(runtime, payload)),
        secret,
        `${runtime}/${name}/${index}`,
      ),
    ),
  );
}

/** One delivery; `seed` decides its id. */
export function gitHubDelivery(
  event: string,
  body: string,
  secret: string,
  seed: string,
): GitHubDelivery {
  const id = uuidOf(seed);
  const signature = createHmac("sha256", secret).update(body).digest("hex");
  return {
    id,
    event,
    body,
    headers: {
      "content-type": "application/json",
      "user-agent": "GitHub-Hookshot/demo",
      "x-github-event": event,
      "x-github-delivery": id,
      "x-hub-signature-256": `sha256=${signature}`,
    },
  };
}

function ownedBy(runtime: string, payload: object): object {
  const repository = "repository" in payload ? payload.repository : undefined;
  if (typeof repository !== "object" || repository === null) return payload;
  const name = "full_name" in repository ? String(repository.full_name) : "";
  return { ...payload, repository: { ...repository, full_name: `${name}-${runtime}` } };
}

function uuidOf(seed: string): string {
  const hex = createHash("sha256").update(seed).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}
