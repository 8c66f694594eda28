import aws from "../../aws/adapter.ts";
import { awsHost } from "./aws.ts";
import { bundleForTest, type TestBundle } from "./bundle.conformance.ts";
import { functions } from "./fixtures/functions.ts";
import { hostConformance } from "./host.conformance.ts";
import { LambdaRuntimeApi } from "./lambda-runtime-api.ts";

/** One bundle a function, as Lambda has it. */
async function buildEach(): Promise<TestBundle> {
  const bundles = await Promise.all(
    functions.map((_, index) =>
      bundleForTest(`
        import { awsTelemetry } from "./adapters/aws/drivers/telemetry.ts";
        import { awsAny, awsEntry } from "./adapters/aws/entry.ts";
        import { functions, ports } from "./adapters/local/hosts/fixtures/functions.ts";
        export const handler = await awsEntry(functions[${index}], ports, awsTelemetry(), awsAny);
      `),
    ),
  );
  return {
    functions: bundles.flatMap((bundle, index) => bundle.functions[index] ?? []),
    remove: () => {
      for (const bundle of bundles) bundle.remove();
    },
  };
}

hostConformance({
  runtime: "aws",
  build: buildEach,
  start: (options) => awsHost({ ...options, codecs: aws.codecs }),
  async child(hosted) {
    // A runtime ends without an API to poll, so each gets one.
    const apis = hosted.map(({ name }) => new LambdaRuntimeApi(name));
    const addresses = await Promise.all(apis.map((api) => api.listen()));
    return {
      script: new URL("aws-child.ts", import.meta.url),
      setup: hosted.map(({ name, bundle, memoryMb }, index) => ({
        name,
        bundle,
        memoryMb,
        runtimeApi: addresses[index],
      })),
      close: async () => {
        await Promise.all(apis.map((api) => api.close()));
      },
    };
  },
});
