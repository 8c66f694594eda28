import type { DeployManifest } from "#shared/plan";
import { type Element, labelOf, resource } from "#shared/terraform";
import { BUILDER, CALLER, type GcpNames, type GcpOptions } from "./names.ts";

/** What every part of a deployment to Google is made from. */
export type Parts = {
  readonly manifest: DeployManifest;
  readonly names: GcpNames;
  readonly options: GcpOptions;
  /** The identities that functions run as, by function. */
  readonly accounts: ReadonlyMap<string, Element>;
  /** Who Pub/Sub and Cloud Scheduler call functions as. */
  readonly caller: Element;
  /** Who builds a function's image of its package. */
  readonly builder: Element;
};

/** The APIs that a deployment uses; each has to be switched on in the project. */
export const SERVICES = [
  "artifactregistry.googleapis.com",
  "cloudbuild.googleapis.com",
  "cloudfunctions.googleapis.com",
  "cloudscheduler.googleapis.com",
  "firestore.googleapis.com",
  "iam.googleapis.com",
  "iamcredentials.googleapis.com",
  "pubsub.googleapis.com",
  "run.googleapis.com",
  "secretmanager.googleapis.com",
  "storage.googleapis.com",
];

/** A service account for each function, and those of the callers and of the builds. */
export function accountsOf(
  manifest: DeployManifest,
  names: GcpNames,
): Pick<Parts, "accounts" | "caller" | "builder"> & { readonly elements: readonly Element[] } {
  const account = (name: string, label: string, what: string): Element =>
    resource("google_service_account", label, {
      account_id: names.accounts.get(name) ?? name,
      display_name: what,
    });
  const accounts = new Map(
    manifest.functions.map(({ name }) => [
      name,
      account(name, labelOf("run", name), `runs ${name}`),
    ]),
  );
  const caller = account(CALLER, CALLER, "calls functions for Pub/Sub and Cloud Scheduler");
  const builder = account(BUILDER, BUILDER, "builds functions");
  // https://cloud.google.com/functions/docs/securing/build-custom-sa#grant_permissions
  const builds = ["artifactregistry.writer", "logging.logWriter", "storage.objectViewer"].map(
    (role) =>
      resource("google_project_iam_member", labelOf(BUILDER, role), {
        project: "${var.project}",
        role: `roles/${role}`,
        member: builder.get("member"),
      }),
  );
  return {
    accounts,
    caller,
    builder,
    elements: [...accounts.values(), caller, builder, ...builds],
  };
}

/** The IAM member of the service agent that Pub/Sub moves dead letters as. */
export const PUBSUB_AGENT =
  "serviceAccount:service-${data.google_project.current.number}@gcp-sa-pubsub.iam.gserviceaccount.com";
