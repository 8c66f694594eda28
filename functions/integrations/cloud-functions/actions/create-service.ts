import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import {
  account,
  concurrency,
  cpu,
  createdOnce,
  docsOf,
  env,
  inRegion,
  labels,
  location,
  memory,
  Operation,
  operation,
  secrets,
  serviceId,
  timeoutSeconds,
} from "../client.ts";

/** What can be said of a service when it is made and when it is changed. */
export const settings = {
  /** A registry's name of it; by digest it stays the same one. */
  image: z.string().min(1).max(500).optional(),
  command: z.array(z.string().max(1_000)).max(50).optional(),
  args: z.array(z.string().max(1_000)).max(100).optional(),
  /** All of them: those that are left out are removed. */
  env: env.optional(),
  secrets: secrets.optional(),
  port: z.int().min(1).max(65_535).optional(),
  memory: memory.optional(),
  cpu: cpu.optional(),
  /** CPU for all of an instance's life, billed by instance; otherwise during requests, billed by those. */
  cpuAlways: z.boolean().optional(),
  concurrency: concurrency.optional(),
  timeoutSeconds: timeoutSeconds.optional(),
  minInstances: z.int().min(0).max(1_000).optional(),
  maxInstances: z.int().min(1).max(1_000).optional(),
  serviceAccount: account.optional(),
};

const Settings = z.object(settings);
type Json = Readonly<Record<string, unknown>>;

export const createService = defineAction({
  summary: "Create a service from a container image",
  docs: `${docsOf.services}/create`,
  scopes: ["run.services.create", "run.operations.get", "iam.serviceAccounts.actAs"],
  effect: "write",
  idempotency: createdOnce,
  input: z.object({
    ...settings,
    id: serviceId,
    location,
    image: settings.image.unwrap(),
    description: z.string().max(512).optional(),
    labels: labels.optional(),
    /** Who reaches it at all; who may call it is `set-invokers`. */
    ingress: z
      .enum([
        "INGRESS_TRAFFIC_ALL",
        "INGRESS_TRAFFIC_INTERNAL_ONLY",
        "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
      ])
      .optional(),
  }),
  output: Operation,
  run(api, { id, location: asked, description, labels: marks, ingress, ...given }) {
    return api.request(
      operation("services", {
        method: "POST",
        path: path`${inRegion(api, asked)}/services`,
        query: { serviceId: id },
        json: { description, labels: marks, ingress, template: templateOf({}, given) },
      }),
    );
  },
});

/** A template of revisions with these settings; what they do not name is as it was, sidecars included. */
export function templateOf(before: Json, given: z.infer<typeof Settings>): Json {
  const [first, ...sidecars] = listOfObjects(before["containers"]);
  return present({
    ...before,
    // A name is a revision's own, and would be taken.
    revision: undefined,
    containers: [containerOf(first ?? {}, given), ...sidecars],
    maxInstanceRequestConcurrency: given.concurrency ?? before["maxInstanceRequestConcurrency"],
    timeout: given.timeoutSeconds === undefined ? before["timeout"] : `${given.timeoutSeconds}s`,
    serviceAccount: given.serviceAccount ?? before["serviceAccount"],
    scaling: merged(before["scaling"], {
      minInstanceCount: given.minInstances,
      maxInstanceCount: given.maxInstances,
    }),
  });
}

function containerOf(before: Json, given: z.infer<typeof Settings>): Json {
  const limits = merged(objectOf(before["resources"])["limits"], {
    cpu: given.cpu,
    memory: given.memory,
  });
  // Where resources are given, Google takes a missing `cpuIdle` for false, which costs more.
  const cpuIdle = given.cpuAlways === undefined ? undefined : !given.cpuAlways;
  const resources = merged(before["resources"], { limits, cpuIdle });
  return present({
    ...before,
    image: given.image ?? before["image"],
    command: given.command ?? before["command"],
    args: given.args ?? before["args"],
    env: variablesOf(before, given),
    ports: given.port === undefined ? before["ports"] : [{ containerPort: given.port }],
    resources: resources && { cpuIdle: true, ...resources },
  });
}

/** Plain variables and those with secrets are one list at Google, and two here: one that is left out stays. */
function variablesOf({ env: known }: Json, given: z.infer<typeof Settings>): unknown {
  if (given.env === undefined && given.secrets === undefined) return known;
  const before = listOfObjects(known);
  const plain = given.env && Object.entries(given.env).map(([name, value]) => ({ name, value }));
  const secret = given.secrets?.map(({ key, secret: from, version }) => ({
    name: key,
    valueSource: { secretKeyRef: { secret: from, version } },
  }));
  return [
    ...(plain ?? before.filter((one) => one["valueSource"] === undefined)),
    ...(secret ?? before.filter((one) => one["valueSource"] !== undefined)),
  ];
}

/** An object with what is given put over it; `undefined` where nothing is known. */
function merged(before: unknown, given: Json): Json | undefined {
  const all = { ...objectOf(before), ...present(given) };
  return Object.keys(all).length === 0 ? undefined : all;
}

function present(all: Json): Json {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function objectOf(value: unknown): Json {
  return AnyObject.safeParse(value).data ?? {};
}

function listOfObjects(value: unknown): Json[] {
  return z.array(AnyObject).safeParse(value).data ?? [];
}

const AnyObject = z.record(z.string(), z.unknown());
