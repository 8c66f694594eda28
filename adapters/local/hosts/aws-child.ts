import { pathToFileURL } from "node:url";
import * as z from "zod";
import { joinParent } from "./child.ts";
import { type LambdaHandler, runLambda } from "./lambda-runtime.ts";

/** Which bundles to load, and each function's Runtime API. */
const Setup = z.array(
  z.object({ name: z.string(), bundle: z.string(), memoryMb: z.number(), runtimeApi: z.string() }),
);

/** As many invocations of one function at once as a Lambda Managed Instance of half a vCPU takes. */
const CONCURRENCY = 32;

const { setup, ready } = joinParent();
const started = Setup.parse(setup).map(async ({ name, bundle, memoryMb, runtimeApi }) => {
  const { handler }: { handler: LambdaHandler } = await import(pathToFileURL(bundle).href);
  const options = { functionName: name, memoryMb, runtimeApi, concurrency: CONCURRENCY };
  // A runtime without its API has no reason to live; the parent starts another.
  void runLambda(handler, options).finally(() => process.exit(1));
});
await Promise.all(started);
ready();
