import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { secretFields } from "#shared/auth";
import { codes, remedies } from "#shared/errors";
import type { Registry } from "./registry.ts";

/** The pages that are rendered from definitions, by file name below `docs/`. */
export function renderDocs(registry: Registry): ReadonlyMap<string, string> {
  return new Map([
    ["errors.md", renderErrors()],
    ["catalog.md", renderCatalog(registry)],
  ]);
}

/** Writes the rendered pages; they are committed, and a test compares them with a fresh rendering. */
export function writeDocs(root: string, registry: Registry): void {
  for (const [file, text] of renderDocs(registry)) writeFileSync(join(root, "docs", file), text);
}

function renderErrors(): string {
  const sections = Object.entries(codes).map(
    ([code, { status, retryable, meaning }]) => `## ${code}

${meaning} ${remedies.get(code) ?? ""}

HTTP ${status} when our caller has to act; ${retryable ? "worth trying again" : "the same call will fail again"}.
`,
  );
  return `# Errors

Rendered by \`npm run gen\` from \`shared/errors/codes.ts\`. Every failure leaves as problem JSON (RFC 9457) with one of
these codes and an \`origin\`: who has to act. \`caller\` and \`self\` keep the status below; a failure of a third party
(\`upstream\`) or of the cloud underneath (\`platform\`) leaves as 503 when it is worth trying again and as 502 otherwise,
so that a vendor's 401 is never mistaken for ours. \`instance\` is the invocation id to look for in logs and runs.

${sections.join("\n")}`;
}

function renderCatalog({ integrations }: Registry): string {
  const sections = integrations.map(({ id, title, summary, docs, auth, actions, webhooks }) => {
    const rows = Object.entries(actions).map(
      ([action, { summary: what, effect, docs: page }]) =>
        `| [\`${action}\`](${page}) | ${effect} | ${what} |`,
    );
    const fields = Object.entries(secretFields(auth)).map(
      ([field, { label, required }]) => `\`${field}\` (${label}${required ? "" : ", optional"})`,
    );
    const events = Object.keys(webhooks?.events ?? {}).map((type) => `\`${type}\``);
    return `## ${title}

${summary} [Vendor documentation](${docs}).

Connection \`${id}\`: ${fields.join(", ") || "no credentials"}.${events.length === 0 ? "" : `\nEvents with a schema: ${events.join(", ")}; other types are accepted as they are.`}

| action | effect | what it does |
| --- | --- | --- |
${rows.join("\n")}
`;
  });
  return `# Catalogue

Rendered by \`npm run gen\` from \`functions/integrations\`. Each action runs at
\`POST /v1/integrations/<integration>/actions/<action>\`; schemas are in \`GET /v1/integrations/<integration>\`.

${sections.join("\n")}`;
}
