import { join } from "node:path";
import type { FunctionDefinition } from "#shared/function";
import { storesOf } from "./deploy-manifest.ts";
import { spreadOf } from "#shared/replication";
import { type Engines, type PortsSource, portsSource } from "./entry-ports.ts";
import type { Deployable } from "./registry.ts";
import { writeIfChanged } from "./write-if-changed.ts";

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
  const spread = spreadOf(storesOf(deployables.map(({ definition }) => definition)));
  for (const { name, definition, source } of deployables) {
    const write = (kind: string, text: string): void =>
      writeIfChanged(join(folder, kind, `${name}.ts`), text);
    write("definitions", `${source.imports}\nexport default ${source.expression};\n`);
    if (definition.targets.includes("aws")) {
      const ports = portsSource("aws", engines, [definition], spread);
      write(entryFolder("aws", engines), awsEntry(name, partOf(definition), ports));
    }
    if (definition.targets.includes("gcp")) {
      const ports = portsSource("gcp", engines, [definition], spread);
      write(entryFolder("gcp", engines), gcpEntry(name, partOf(definition), ports));
    }
  }
  const azure = deployables.filter(({ definition }) => definition.targets.includes("azure"));
  const main = join(folder, entryFolder("azure", engines), "main.ts");
  const definitions = azure.map(({ definition }) => definition);
  writeIfChanged(main, azureEntry(azure, portsSource("azure", engines, definitions, spread)));
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
