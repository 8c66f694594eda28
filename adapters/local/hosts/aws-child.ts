import { pathToFileURL } from "node:url";
import * as z from "zod";
import { type LambdaHandler, runLambda } from "./lambda-runtime.ts";

/** What the parent tells this process: which bundles to load, and each function's Runtime API. */
const Assignments = z.array(
  z.object({
    name: z.string(),
    bundle: z.string(),
    memoryMb: z.number(),
    runtimeApi: z.string(),
  }),
);

/** As many invocations of one function at once as a Lambda Managed Instance of half a vCPU takes. */
const CONCURRENCY = 32;

const assignments = Assignments.parse(JSON.parse(process.env["AUTERITY_LAMBDA_FUNCTIONS"] ?? "[]"));

for (const { name, bundle, memoryMb, runtimeApi } of assignments) {
  const { handler } = (await import(pathToFileURL(bundle).href)) as { handler: LambdaHandler };
  const options = { functionName: name, memoryMb, runtimeApi, concurrency: CONCURRENCY };
  // A runtime without its API has no reason to live; the parent starts another.
  runLambda(handler, options).then(
    () => process.exit(1),
    () => process.exit(1),
  );
}
