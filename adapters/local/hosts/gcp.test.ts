import gcp from "../../gcp/adapter.ts";
import { gcpHost } from "./gcp.ts";
import { hostConformance } from "./host.conformance.ts";
import { bundleForTest } from "./bundle.conformance.ts";

hostConformance({
  runtime: "gcp",
  build: () =>
    bundleForTest(`
      import { gcpAny, gcpEntry } from "./adapters/gcp/entry.ts";
      import { functions, ports } from "./adapters/local/hosts/fixtures/functions.ts";
      for (const definition of functions) gcpEntry(definition, ports, gcpAny);
    `),
  start: (options) => gcpHost({ ...options, codecs: gcp.codecs }),
  child: (functions) => ({
    script: new URL("gcp-child.ts", import.meta.url),
    setup: functions.map(({ name, bundle }) => ({ name, bundle })),
  }),
});
