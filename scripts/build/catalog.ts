import { secretFields } from "#shared/auth";
import type { Integration, OnPromise } from "#shared/integration";
import type { Registry } from "./registry.ts";

/** `docs/catalog.md`: what each integration can do, and which promised line is held by what. */
export function renderCatalog({ integrations }: Registry): string {
  return `# Catalogue

Rendered by \`npm run gen\` from \`functions/integrations\`. Each action runs at
\`POST /v1/integrations/<integration>/actions/<action>\`; schemas are in \`GET /v1/integrations/<integration>\`.

${integrations.map(renderSection).join("\n")}`;
}

function renderSection(integration: Integration): string {
  const { title, summary, docs } = integration;
  return [
    `## ${title}\n\n${summary}. [Vendor documentation](${docs}).\n`,
    `${renderConnection(integration)}\n`,
    renderPromises(integration),
    renderActions(integration),
  ].join("\n");
}

function renderConnection({ id, auth, webhooks }: Integration): string {
  const fields = Object.entries(secretFields(auth)).map(
    ([field, { label, required }]) => `\`${field}\` (${label}${required ? "" : ", optional"})`,
  );
  const events = Object.keys(webhooks?.events ?? {});
  const also =
    events.length === 0
      ? ""
      : `\nEvents with a schema: ${code(events)}; other types are accepted as they are.`;
  return `Connection \`${id}\`: ${fields.join(", ") || "no credentials"}.${also}`;
}

function renderPromises({ catalog: { does = [], on = [], why = [] } }: Integration): string {
  const rows = [
    ...does.map(({ line, actions }) => ["does", line, code(actions)]),
    ...on.map((one) => ["on", one.line, arrival(one)]),
    ...why.map(({ line, how }) => ["why", line, how]),
  ];
  return rows.length === 0 ? "" : table(["", "promised", "by"], rows);
}

function arrival(one: OnPromise): string {
  const events = "events" in one ? [code(one.events)] : [];
  return [...events, ...(one.how === undefined ? [] : [one.how])].join("; ");
}

function renderActions({ actions }: Integration): string {
  return table(
    ["action", "effect", "what it does"],
    Object.entries(actions).map(([id, { docs, effect, summary }]) => [
      `[\`${id}\`](${docs})`,
      effect,
      summary,
    ]),
  );
}

function code(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map(row).join("");
}

/** A row of a Markdown table; a bar within a cell would end it. */
function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
}
