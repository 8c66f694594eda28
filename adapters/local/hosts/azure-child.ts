import { pathToFileURL } from "node:url";
import * as z from "zod";
import { findHttpFunction } from "./azure-routes.ts";
import { AzureWorker, type WorkerAnswer, type WorkerTrigger } from "./azure-worker.ts";
import { joinParent } from "./child.ts";

const Setup = z.object({ bundles: z.array(z.string()) });

const data = z.record(z.string(), z.unknown());

/** One invocation: for HTTP the host still has to choose the binding by its route. */
const Invoke = z.object({
  fn: z.string(),
  route: z.object({ method: z.string(), path: z.string() }).nullable(),
  trigger: z.object({ data, triggerMetadata: z.record(z.string(), data).optional() }),
});

/** The host's own answer for a route that no function has. */
const notFound: WorkerAnswer = {
  status: "success",
  returnValue: { http: { statusCode: "404", headers: {}, cookies: [], body: null } },
};

const worker = AzureWorker.install((line) => process.stdout.write(`${line}\n`));
const { setup, ready } = joinParent({ "host.invoke": (params) => invoke(Invoke.parse(params)) });
for (const bundle of Setup.parse(setup).bundles) await import(pathToFileURL(bundle).href);
await worker.start();
ready();

async function invoke({ fn, route, trigger }: z.output<typeof Invoke>): Promise<WorkerAnswer> {
  const name =
    route === null ? fn : findHttpFunction(worker.functions, fn, route.method, route.path);
  return name === undefined ? notFound : worker.invoke(name, withoutAbsent(trigger));
}

function withoutAbsent({
  data: value,
  triggerMetadata,
}: z.output<typeof Invoke>["trigger"]): WorkerTrigger {
  return triggerMetadata === undefined ? { data: value } : { data: value, triggerMetadata };
}
