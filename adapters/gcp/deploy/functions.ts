import type { DeployFunction } from "#shared/plan";
import { type Block, type Element, labelOf, resource } from "#shared/terraform";
import { integrationOf } from "./permissions.ts";
import type { Parts } from "./parts.ts";

/** Generally available: https://cloud.google.com/run/docs/runtimes/function-runtimes#node.js */
const RUNTIME = "nodejs24";
/** Requests that one instance works on at once; more than one needs a whole CPU. */
const CONCURRENCY = 16;
const MAX_INSTANCES = 20;

/** The functions, by our names, with their packages; and who may call them. */
export type Functions = {
  readonly byName: ReadonlyMap<string, Element>;
  readonly elements: readonly Element[];
};

/** A function of Cloud Run for each of ours, from the package that is in `var.packages`. */
export function functionsOf(parts: Parts): Functions {
  const { manifest, names, options } = parts;
  const packages = resource("google_storage_bucket", "packages", {
    name: `${names.bucketPrefix}packages`,
    location: options.region,
    uniform_bucket_level_access: true,
    public_access_prevention: "enforced",
    lifecycle_rule: [{ action: { type: "Delete" }, condition: { age: 90 } }],
  });
  const made = manifest.functions.map((definition) => {
    const source = packageOf(definition, packages);
    const element = functionOf(definition, source, packages, parts);
    return {
      name: definition.name,
      source,
      element,
      invokers: invokersOf(definition, element, parts),
    };
  });
  return {
    byName: new Map(made.map(({ name, element }) => [name, element])),
    elements: [
      packages,
      ...made.map(({ source }) => source),
      ...made.map(({ element }) => element),
      ...made.flatMap(({ invokers }) => invokers),
    ],
  };
}

/** Where a function is called. */
export function urlOf({ get }: Element): string {
  return get("service_config[0].uri");
}

/** Who may call a function, as Cloud Run sees it. */
export function invoker(label: string, { get }: Element, member: string, region: string): Element {
  return resource("google_cloud_run_service_iam_member", label, {
    location: region,
    service: get("name"),
    role: "roles/run.invoker",
    member,
  });
}

// Named by content, so that another package makes another revision.
function packageOf({ name }: DeployFunction, packages: Element): Element {
  const file = `\${var.packages}/${name}.zip`;
  return resource("google_storage_bucket_object", labelOf(name), {
    name: `${name}-\${filesha256("${file}")}.zip`,
    bucket: packages.get("name"),
    source: file,
  });
}

function functionOf(
  definition: DeployFunction,
  source: Element,
  packages: Element,
  { names, options, accounts, builder }: Parts,
): Element {
  const { name, summary, limits, trigger } = definition;
  return resource("google_cloudfunctions2_function", labelOf(name), {
    name: names.functions.get(name) ?? name,
    location: options.region,
    description: summary,
    build_config: {
      runtime: RUNTIME,
      // The name that the entry registers with the Functions Framework.
      entry_point: name,
      service_account: builder.get("id"),
      source: {
        storage_source: { bucket: packages.get("name"), object: source.get("name") },
      },
    },
    service_config: {
      available_memory: `${limits.memoryMb}Mi`,
      available_cpu: cpuFor(limits.memoryMb),
      timeout_seconds: limits.timeoutSeconds,
      max_instance_request_concurrency: CONCURRENCY,
      max_instance_count: MAX_INSTANCES,
      // Pub/Sub and Cloud Scheduler of the same project count as internal:
      // https://cloud.google.com/run/docs/securing/ingress#internal-services
      ingress_settings: trigger.kind === "http" ? "ALLOW_ALL" : "ALLOW_INTERNAL_ONLY",
      all_traffic_on_latest_revision: true,
      service_account_email: accounts.get(name)?.get("email"),
      environment_variables: settingsOf(definition, names),
    },
  });
}

/** https://cloud.google.com/run/docs/configuring/services/cpu#cpu-memory */
function cpuFor(memoryMb: number): string {
  if (memoryMb <= 4096) return "1";
  return memoryMb <= 8192 ? "2" : "4";
}

function settingsOf({ permissions }: DeployFunction, names: Parts["names"]): Block {
  const integrations = permissions
    .filter(({ kind }) => kind === "action")
    .map(({ resource: action }) => integrationOf(action));
  return {
    GOOGLE_CLOUD_PROJECT: "${var.project}",
    AUTERITY_NAME_PREFIX: names.prefix,
    AUTERITY_FIRESTORE_DATABASE: names.database,
    AUTERITY_BUCKET_PREFIX: names.bucketPrefix,
    ...Object.fromEntries(
      [...new Set(integrations)].map((name) => [
        `AUTERITY_ACTIONS_URL_${labelOf(name.replace(/^integration-/, "")).toUpperCase()}`,
        `\${google_cloudfunctions2_function.${labelOf(name)}.service_config[0].uri}`,
      ]),
    ),
  };
}

/**
 * Everybody where a route is public, since its caller cannot show an identity of Google's; who is in `var.callers` where
 * all routes want a key of ours; and Google's own services where there are no routes.
 */
function invokersOf(
  { name, trigger }: DeployFunction,
  element: Element,
  { caller, options }: Parts,
): readonly Element[] {
  if (trigger.kind !== "http") {
    const member = caller.get("member");
    return [invoker(labelOf("caller", name), element, member, options.region)];
  }
  if (trigger.routes.some(({ auth }) => auth === "public")) {
    return [invoker(labelOf("public", name), element, "allUsers", options.region)];
  }
  const named = invoker(labelOf("callers", name), element, "${each.value}", options.region);
  return [resource(named.type, named.name, { for_each: "${toset(var.callers)}", ...named.body })];
}
