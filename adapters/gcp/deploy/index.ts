import { type DeployManifest, forTarget } from "#shared/plan";
import { data, type Element, renderTerraform, resource } from "#shared/terraform";
import { bucketsOf } from "./buckets.ts";
import { firestoreOf } from "./firestore.ts";
import { type Functions, functionsOf, urlOf } from "./functions.ts";
import { grantsOf } from "./grants.ts";
import { gcpNames, type GcpOptions, uniqueExpression } from "./names.ts";
import { accountsOf, type Parts, SERVICES } from "./parts.ts";
import { permissionsGcp } from "./permissions.ts";
import { pubsubOf } from "./pubsub.ts";
import { schedulesOf } from "./scheduler.ts";
import { secretsOf } from "./secrets.ts";

export type { GcpOptions } from "./names.ts";
export { permissionsGcp } from "./permissions.ts";

/**
 * Renders what Google needs of a manifest: a Terraform configuration, by path below the repository's root. Throws
 * `invalid_argument` for what Google cannot do, such as a name that is too long. No trigger of ours is an event of
 * Google's own services, so there is nothing for Eventarc.
 */
export function renderGcp(whole: DeployManifest, options: GcpOptions): ReadonlyMap<string, string> {
  const manifest = forTarget(whole, "gcp");
  const names = gcpNames(manifest, options);
  const { elements: identities, ...accounts } = accountsOf(manifest, names);
  const parts: Parts = { manifest, names, options, ...accounts };
  const functions = functionsOf(parts);
  const pubsub = pubsubOf(parts, functions);
  const buckets = bucketsOf(parts);
  const secrets = secretsOf(parts);
  const byResource = new Map([...pubsub.byResource, ...buckets]);
  const grants = grantsOf(permissionsGcp(manifest), { functions, byResource, secrets }, parts);
  const services = resource("google_project_service", "used", {
    for_each: "${toset(local.services)}",
    service: "${each.value}",
    disable_on_destroy: false,
  });
  const elements = [
    ...identities,
    ...functions.elements,
    ...pubsub.elements,
    ...schedulesOf(parts, functions),
    ...firestoreOf(parts),
    ...buckets.values(),
    ...secrets.values(),
    ...grants,
  ].map((element) => afterServices(element, services));
  const text = renderTerraform(rootOf(options, functions), [
    data("google_project", "current", { project_id: "${var.project}" }),
    services,
    ...elements,
  ]);
  return new Map([["infra/generated/gcp/main.tf.json", text]]);
}

/** What refers to nothing else has to be told that the project's services come first. */
function afterServices(element: Element, services: Element): Element {
  const { type, name, body } = element;
  if (JSON.stringify(body).includes("${google_")) return element;
  return resource(type, name, { ...body, depends_on: [`${services.type}.${services.name}`] });
}

function rootOf({ region }: GcpOptions, { byName }: Functions) {
  return {
    terraform: {
      required_version: ">= 1.9",
      // The version whose schema `npm run check:infra` checks this against.
      required_providers: { google: { source: "hashicorp/google", version: "~> 6.50" } },
      // Where the state is comes from `terraform init -backend-config=…`.
      backend: { gcs: {} },
    },
    provider: { google: { project: "${var.project}", region } },
    variable: {
      project: { type: "string", description: "The id of the project to deploy to." },
      packages: {
        type: "string",
        default: "../../../.build/packages/gcp",
        description: "The folder with one zip per function, as npm run package makes them.",
      },
      callers: {
        type: "list(string)",
        default: [],
        description:
          "IAM members who may call functions all of whose routes want an API key of ours.",
        validation: {
          condition:
            '${!contains(var.callers, "allUsers") && !contains(var.callers, "allAuthenticatedUsers")}',
          error_message: "Name callers; only functions with a public route are everybody's.",
        },
      },
    },
    locals: { services: SERVICES, unique: uniqueExpression },
    output: {
      urls: {
        value: Object.fromEntries([...byName].map(([name, element]) => [name, urlOf(element)])),
      },
    },
  };
}
