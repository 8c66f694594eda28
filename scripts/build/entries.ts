import { join } from "node:path";
import type { FunctionDefinition } from "#shared/function";
import type { Deployable } from "./registry.ts";
import { writeIfChanged } from "./write-if-changed.ts";

/** What functions work on locally: the engine in the local runtime, or the engines that stand for each cloud's services. */
export type Engines = "embedded" | "emulators";

/** The folder of one cloud's entries below the folder of all entries. */
export function entryFolder(cloud: string, engines: Engines): string {
  return engines === "embedded" ? cloud : `${cloud}-${engines}`;
}

/**
 * Writes the generated entries, the only source that sees both functions and adapters: one definition module
 * per deployable, one entry per function for AWS and Google, one for the whole app on Azure.
 */
export function writeEntries(
  folder: string,
  deployables: readonly Deployable[],
  engines: Engines,
): void {
  for (const { name, definition, source } of deployables) {
    const write = (kind: string, text: string): void =>
      writeIfChanged(join(folder, kind, `${name}.ts`), text);
    write("definitions", `${source.imports}\nexport default ${source.expression};\n`);
    const { aws, gcp } = ports[engines];
    if (definition.targets.includes("aws"))
      write(
        entryFolder("aws", engines),
        awsEntry(name, partOf(definition), portsOf([definition], aws)),
      );
    if (definition.targets.includes("gcp"))
      write(
        entryFolder("gcp", engines),
        gcpEntry(name, partOf(definition), portsOf([definition], gcp)),
      );
  }
  const azure = deployables.filter(({ definition }) => definition.targets.includes("azure"));
  const main = join(folder, entryFolder("azure", engines), "main.ts");
  const definitions = azure.map(({ definition }) => definition);
  writeIfChanged(main, azureEntry(azure, portsOf(definitions, ports[engines].azure)));
}

/** How an entry makes its ports: what it imports for it, and the expression, with a `telemetry` at hand. */
type PortsSource = { readonly imports: string; readonly expression: string };

const localPorts = 'import { localPorts } from "../../../adapters/local/ports.ts";';

// Locally only what engines stand for comes from the cloud; secrets, actions and identity stay the local runtime's.
const ports = {
  embedded: {
    aws: { imports: localPorts, expression: 'localPorts("aws", telemetry)' },
    azure: { imports: localPorts, expression: 'localPorts("azure", telemetry)' },
    gcp: { imports: localPorts, expression: 'localPorts("gcp", telemetry)' },
  },
  emulators: {
    aws: {
      imports: `${localPorts}\nimport { awsServices } from "../../../adapters/aws/services.ts";`,
      expression: '{ ...localPorts("aws", telemetry), ...awsServices(process.env) }',
    },
    azure: {
      imports: `${localPorts}\nimport { azureServices } from "../../../adapters/azure/services.ts";`,
      expression: '{ ...localPorts("azure", telemetry), ...azureServices(process.env, Date) }',
    },
    gcp: {
      imports: `${localPorts}\nimport { gcpServices } from "../../../adapters/gcp/services.ts";`,
      expression: '{ ...localPorts("gcp", telemetry), ...(await gcpServices(process.env)) }',
    },
  },
} satisfies Record<Engines, Record<string, PortsSource>>;

/** The same ports, with models where one of these functions uses some: no other carries what would load them. */
function portsOf(definitions: readonly FunctionDefinition[], source: PortsSource): PortsSource {
  const grants = definitions.flatMap(({ uses }) => Object.values(uses));
  if (!grants.some(({ kind }) => kind === "models")) return source;
  return {
    imports: `${source.imports}\nimport { withModels } from "../../../adapters/local/with-models.ts";`,
    expression: `withModels(${source.expression})`,
  };
}

/** The part of the pipeline that a function needs, as the adapters' entries name it. */
function partOf({ trigger }: FunctionDefinition): "Http" | "Messages" | "Ticks" {
  if (trigger.kind === "http") return "Http";
  return trigger.kind === "schedule" ? "Ticks" : "Messages";
}

function awsEntry(name: string, part: string, { imports, expression }: PortsSource): string {
  return `import definition from "../definitions/${name}.ts";
import { awsTelemetry } from "../../../adapters/aws/drivers/telemetry.ts";
import { awsEntry, aws${part} } from "../../../adapters/aws/entry.ts";
${imports}
const telemetry = awsTelemetry();
export const handler = await awsEntry(definition, ${expression}, telemetry, aws${part});
`;
}

function gcpEntry(name: string, part: string, { imports, expression }: PortsSource): string {
  return `import definition from "../definitions/${name}.ts";
import { gcpTelemetry } from "../../../adapters/gcp/drivers/telemetry.ts";
import { gcpEntry, gcp${part} } from "../../../adapters/gcp/entry.ts";
${imports}
const telemetry = gcpTelemetry();
gcpEntry(definition, ${expression}, gcp${part});
`;
}

// Azure loads every function of an app at start, so each is imported only when it is first called.
function azureEntry(
  deployables: readonly Deployable[],
  { imports, expression }: PortsSource,
): string {
  const registrations = deployables.map(({ name, definition: { trigger } }) => {
    const data =
      trigger.kind === "queue" ? { ...trigger, queue: queueData(trigger.queue) } : trigger;
    const load = `async () => (await import("../definitions/${name}.ts")).default`;
    return `  { name: "${name}", trigger: ${JSON.stringify(data)}, load: ${load} },`;
  });
  return `import { azureTelemetry } from "../../../adapters/azure/drivers/telemetry.ts";
import { azureApp } from "../../../adapters/azure/entry.ts";
${imports}
const telemetry = azureTelemetry();
azureApp([
${registrations.join("\n")}
], ${expression});
`;
}

function queueData({ name }: { readonly name: string }): { readonly name: string } {
  return { name };
}
