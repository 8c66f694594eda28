import type { CatalogueAction, CatalogueEntry, JsonSchema } from "#shared/console";

/** An action as MCP clients see it: https://modelcontextprotocol.io/specification/2025-11-25/server/tools */
export type ActionTool = {
  /** Clients take letters, digits, `_` and `-`, so a dot cannot part integration and action. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonSchema & { readonly type: "object" };
  readonly annotations: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
    readonly openWorldHint: true;
  };
};

/** An action that a tool stands for. */
export type ToolTarget = { readonly integration: string; readonly action: string };

/** Verbs of writes that only add. Any other may replace or remove something, and is announced as if it did. */
const ADDS = new Set(
  "add append ask copy create dispatch enrol invite mint open post predict publish send start submit upload".split(
    " ",
  ),
);

const SEPARATOR = "__";

/** The tools of a catalogue, in its order. */
export function actionTools(integrations: readonly CatalogueEntry[]): ActionTool[] {
  return integrations.flatMap((entry) => entry.actions.map((action) => actionTool(entry, action)));
}

/** The action that a tool's name stands for; `undefined` for a name of no tool's. */
export function toolTarget(
  integrations: readonly CatalogueEntry[],
  name: string,
): ToolTarget | undefined {
  const [integration = "", action = ""] = name.split(SEPARATOR);
  const entry = integrations.find(({ id }) => id === integration);
  return entry?.actions.some(({ id }) => id === action) === true
    ? { integration, action }
    : undefined;
}

function actionTool({ id, title }: CatalogueEntry, action: CatalogueAction): ActionTool {
  const isRead = action.effect === "read";
  return {
    name: `${id}${SEPARATOR}${action.id}`,
    title: `${title}: ${action.summary}`,
    description: `${action.summary}. ${action.docs}`,
    inputSchema: { ...withoutDialect(action.input), type: "object" },
    annotations: {
      readOnlyHint: isRead,
      destructiveHint: !isRead && !ADDS.has(action.id.split("-")[0] ?? ""),
      idempotentHint: isRead || action.idempotency === "natural",
      openWorldHint: true,
    },
  };
}

/** Some clients refuse a dialect that they do not know, and 2020-12 is what MCP takes for granted. */
function withoutDialect(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => keyword !== "$schema"));
}
