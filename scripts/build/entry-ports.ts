import type { FunctionDefinition, Target } from "#shared/function";
import { modelsNotDeployed, needsOf } from "#shared/plan";
import type { Spread } from "#shared/replication";

/** What functions work on: the engine in the local runtime, the engines that stand for each cloud's services, or those. */
export type Engines = "embedded" | "emulators" | "cloud";

/** How an entry makes its ports: what it imports for it, and the expression, with a `telemetry` at hand. */
export type PortsSource = { readonly imports: string; readonly expression: string };

type Port = (typeof PORTS)[number];

const ADAPTERS = "../../../adapters";
const PORTS = ["state", "queue", "topic", "blob", "secrets"] as const;
const portOf = {
  state: "state",
  queue: "queue",
  topic: "topic",
  blob: "blob",
  secret: "secrets",
  action: "actions",
  models: "models",
} as const;

/** How entries of a cloud come to the ports that these definitions need. `spread` is the stores that span clouds. */
export function portsSource(
  cloud: Target,
  engines: Engines,
  definitions: readonly FunctionDefinition[],
  spread: Spread,
): PortsSource {
  if (engines === "cloud") return deployed(cloud, definitions);
  const source =
    engines === "emulators"
      ? emulated(cloud, spread)
      : { imports: LOCAL_IMPORT, expression: local(cloud) };
  return usesModels(definitions) ? withModels(source) : source;
}

function usesModels(definitions: readonly FunctionDefinition[]): boolean {
  return definitions.some(({ uses }) => Object.values(uses).some(({ kind }) => kind === "models"));
}

/** The same ports, with models: no entry of a function without them carries what would load them. */
function withModels({ imports, expression }: PortsSource): PortsSource {
  return {
    imports: `${imports}\nimport { withModels } from "${ADAPTERS}/local/with-models.ts";`,
    expression: `withModels(${expression})`,
  };
}

const LOCAL_IMPORT = `import { localPorts } from "${ADAPTERS}/local/ports.ts";`;

function local(cloud: Target): string {
  return `localPorts("${cloud}", telemetry)`;
}

/** Only what engines stand for comes from the cloud; secrets, actions and identity stay the local runtime's. */
function emulated(cloud: Target, spread: Spread): PortsSource {
  const { imports, members } = services(cloud, ["state", "queue"]);
  const across = `import { acrossClouds } from "${ADAPTERS}/local/replication/across-clouds.ts";`;
  const state = `state: acrossClouds(own.state, ${JSON.stringify(spread)}, process.env)`;
  return {
    imports: `${LOCAL_IMPORT}\n${across}\n${imports}\nconst own = { ${members.join(", ")} };`,
    expression: `{ ...${local(cloud)}, ...own, ${state} }`,
  };
}

/** Each service is imported by name, so that what no definition needs is not in the bundle. */
function deployed(cloud: Target, definitions: readonly FunctionDefinition[]): PortsSource {
  const models = definitions.flatMap(needsOf).find(({ kind }) => kind === "models");
  if (models !== undefined) throw modelsNotDeployed(models.resource);
  const needed = new Set(definitions.flatMap(needsOf).map(({ kind }) => portOf[kind]));
  const own = PORTS.filter((port) => needed.has(port));
  const { imports, members } = services(cloud, own);
  const system = ["clock: systemClock", "random: systemRandom", "telemetry"];
  const given = `process.env, { ${[...system, ...members].join(", ")} }`;
  const lines = [
    `import { systemClock, systemRandom } from "${ADAPTERS}/local/system.ts";`,
    'import { deployedPorts } from "#shared/host";',
    imports,
  ];
  if (!needed.has("actions")) {
    return { imports: lines.join("\n"), expression: `deployedPorts(${given})` };
  }
  lines.push('import { deployedActions } from "#shared/actions";');
  const actionsOf = `(ports) => deployedActions(process.env, ports, "${cloud}")`;
  return {
    imports: lines.join("\n"),
    expression: `deployedPorts(${given}, ${actionsOf})`,
  };
}

/** How a service of each cloud is made of the environment; Azure's ask for the time, Google's client for its channel. */
const callOf = {
  aws: (make: string) => `${make}(process.env)`,
  azure: (make: string) => `${make}(process.env, Date)`,
  gcp: (make: string) => `await ${make}(process.env)`,
} satisfies Record<Target, (make: string) => string>;

/** One file a port: esbuild also bundles what a module that it can drop would have imported on demand. */
function services(cloud: Target, own: readonly Port[]) {
  const made = own.map((port) => {
    const make = `${cloud}${port.replace(/^./, (first) => first.toUpperCase())}`;
    return {
      line: `import { ${make} } from "${ADAPTERS}/${cloud}/services/${port}.ts";`,
      member: `${port}: ${callOf[cloud](make)}`,
    };
  });
  return {
    imports: made.map(({ line }) => line).join("\n"),
    members: made.map(({ member }) => member),
  };
}
