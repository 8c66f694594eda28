import type { Row } from "./report.ts";

/** Every row by name; a row's modules are loaded only in the process that measures it. */
export const rows: Readonly<Record<string, () => Promise<Row>>> = {
  "lambda-routing": async () => (await import("./rows/lambda-routing.ts")).lambdaRouting(),
  "lambda-entry": async () => (await import("./rows/lambda-entry.ts")).lambdaEntry(),
  "gcp-entry": async () => (await import("./rows/gcp-entry.ts")).gcpEntry(),
  "azure-entry": async () => (await import("./rows/azure-entry.ts")).azureEntry(),
  "local-path": async () => (await import("./rows/local-path.ts")).localPath(),
  "engine-writes": async () => (await import("./rows/engine-writes.ts")).engineWrites(),
  "replication-lag": async () => (await import("./rows/replication-lag.ts")).replicationLag(),
  linearizability: async () => (await import("./rows/linearizability.ts")).linearizability(),
  "model-routing": async () => (await import("./rows/model-routing.ts")).modelRouting(),
  route: async () => (await import("./rows/route.ts")).route(),
  integrations: async () => (await import("./rows/integrations.ts")).integrations(),
  "cold-start": async () => (await import("./rows/cold-start.ts")).coldStart(),
};
