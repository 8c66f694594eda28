import { join } from "node:path";
import type { Deployable } from "./registry.ts";
import { writeIfChanged } from "./write-if-changed.ts";

/**
 * Writes the generated entries, the only source that sees both functions and adapters: one definition module
 * per deployable, one entry per function for AWS and Google, one for the whole app on Azure.
 */
export function writeEntries(folder: string, deployables: readonly Deployable[]): void {
  for (const { name, definition, source } of deployables) {
    const write = (kind: string, text: string): void =>
      writeIfChanged(join(folder, kind, `${name}.ts`), text);
    write("definitions", `${source.imports}\nexport default ${source.expression};\n`);
    if (definition.targets.includes("aws")) write("aws", awsEntry(name));
    if (definition.targets.includes("gcp")) write("gcp", gcpEntry(name));
  }
  const azure = deployables.filter(({ definition }) => definition.targets.includes("azure"));
  writeIfChanged(join(folder, "azure/main.ts"), azureEntry(azure));
}

const ports = 'import { localPorts } from "../../../adapters/local/ports.ts";';

function awsEntry(name: string): string {
  return `import definition from "../definitions/${name}.ts";
import { awsTelemetry } from "../../../adapters/aws/drivers/telemetry.ts";
import { awsEntry } from "../../../adapters/aws/entry.ts";
${ports}
const telemetry = awsTelemetry();
export const handler = await awsEntry(definition, localPorts("aws", telemetry), telemetry);
`;
}

function gcpEntry(name: string): string {
  return `import definition from "../definitions/${name}.ts";
import { gcpTelemetry } from "../../../adapters/gcp/drivers/telemetry.ts";
import { gcpEntry } from "../../../adapters/gcp/entry.ts";
${ports}
gcpEntry(definition, localPorts("gcp", gcpTelemetry()));
`;
}

// Azure loads every function of an app at start, so each is imported only when it is first called.
function azureEntry(deployables: readonly Deployable[]): string {
  const registrations = deployables.map(({ name, definition: { trigger } }) => {
    const data =
      trigger.kind === "queue" ? { ...trigger, queue: queueData(trigger.queue) } : trigger;
    const load = `async () => (await import("../definitions/${name}.ts")).default`;
    return `  { name: "${name}", trigger: ${JSON.stringify(data)}, load: ${load} },`;
  });
  return `import { azureTelemetry } from "../../../adapters/azure/drivers/telemetry.ts";
import { azureApp } from "../../../adapters/azure/entry.ts";
${ports}
azureApp([
${registrations.join("\n")}
], localPorts("azure", azureTelemetry()));
`;
}

function queueData({ name }: { readonly name: string }): { readonly name: string } {
  return { name };
}
