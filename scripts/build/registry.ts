import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { connectionsFunction } from "#shared/connect";
import type { FunctionDefinition } from "#shared/function";
import { type Integration, integrationFunction, type Subscriber } from "#shared/integration";

/** One thing that is deployed on its own: an integration, or an exported function of a platform service. */
export type Deployable = {
  readonly name: string;
  readonly definition: FunctionDefinition;
  /** TypeScript expression that makes the definition, and the import it needs. */
  readonly source: { readonly imports: string; readonly expression: string };
};

/** Everything found under `functions/`; nobody keeps a list by hand. */
export type Registry = {
  readonly integrations: readonly Integration[];
  readonly deployables: readonly Deployable[];
};

/** Folders that are live templates start with an underscore: compiled and tested, never registered. */
function unitsOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("_"))
    .map(({ name }) => name)
    .toSorted();
}

/** Discovers integrations and platform functions below `root`, in a stable order. */
export async function readRegistry(root: string): Promise<Registry> {
  const integrations: Integration[] = [];
  for (const id of unitsOf(join(root, "functions/integrations"))) {
    const file = `functions/integrations/${id}/index.ts`;
    const integration = (await load(join(root, file))).get("default");
    if (!isIntegration(integration))
      throw new Error(`${file}: default-export defineIntegration(…)`);
    integrations.push(integration);
  }
  const platform: Deployable[] = [];
  for (const service of unitsOf(join(root, "functions/platform"))) {
    const file = `functions/platform/${service}/index.ts`;
    for (const [name, definition] of await load(join(root, file))) {
      if (!isFunction(definition)) throw new Error(`${file}: ${name} is no defineFunction(…)`);
      platform.push({
        name: definition.name,
        definition,
        source: { imports: `import { ${name} } from "../../../${file}";`, expression: name },
      });
    }
  }
  const subscribers = (id: string): Subscriber[] =>
    platform.flatMap(({ definition: { name, trigger } }) =>
      trigger.kind === "webhook" && trigger.integration === id
        ? [{ function: name, queue: name, events: trigger.events }]
        : [],
    );
  return {
    integrations,
    deployables: [
      ...integrations.map((integration) => deployIntegration(integration, subscribers)),
      deployConnections(integrations),
      ...platform,
    ].toSorted((a, b) => a.name.localeCompare(b.name, "en")),
  };
}

function deployIntegration(
  integration: Integration,
  subscribersOf: (id: string) => Subscriber[],
): Deployable {
  const subscribers = subscribersOf(integration.id);
  const definition = integrationFunction(integration, { subscribers });
  return {
    name: definition.name,
    definition,
    source: {
      imports:
        `import integration from "../../../functions/integrations/${integration.id}/index.ts";\n` +
        'import { integrationFunction } from "#shared/integration";',
      expression: `integrationFunction(integration, ${JSON.stringify({ subscribers })})`,
    },
  };
}

/** The one function that knows every integration, and loads those that are named. */
function deployConnections(integrations: readonly Integration[]): Deployable {
  const loaded = integrations.map(
    (integration) => [integration.id, async () => ({ default: integration })] as const,
  );
  const definition = connectionsFunction(Object.fromEntries(loaded));
  const loaders = integrations.map(
    ({ id }) => `  "${id}": () => import("../../../functions/integrations/${id}/index.ts"),\n`,
  );
  return {
    name: definition.name,
    definition,
    source: {
      imports: 'import { connectionsFunction } from "#shared/connect";',
      expression: `connectionsFunction({\n${loaders.join("")}})`,
    },
  };
}

async function load(file: string): Promise<Map<string, unknown>> {
  const module: object = await import(pathToFileURL(file).href);
  return new Map(Object.entries(module));
}

function isFunction(value: unknown): value is FunctionDefinition {
  return typeof value === "object" && value !== null && "prepare" in value && "trigger" in value;
}

function isIntegration(value: unknown): value is Integration {
  return typeof value === "object" && value !== null && "actions" in value && "auth" in value;
}
