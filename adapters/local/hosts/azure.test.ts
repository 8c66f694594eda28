import azure from "../../azure/adapter.ts";
import { azureHost } from "./azure.ts";
import { hostConformance } from "./host.conformance.ts";
import { bundleForTest } from "./bundle.conformance.ts";

hostConformance({
  runtime: "azure",
  build: () =>
    bundleForTest(`
      import { azureApp } from "./adapters/azure/entry.ts";
      import { functions, ports } from "./adapters/local/hosts/fixtures/functions.ts";
      azureApp(functions.map((definition) => ({ ...definition, load: async () => definition })), ports);
    `),
  start: (options) => azureHost({ ...options, codecs: azure.codecs }),
  child: (functions) => ({
    script: new URL("azure-child.ts", import.meta.url),
    setup: { bundles: functions.slice(0, 1).map(({ bundle }) => bundle) },
  }),
});
