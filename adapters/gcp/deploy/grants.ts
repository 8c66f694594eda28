import type { CloudPermission, CloudPermissions } from "#shared/plan";
import { type Element, labelOf, resource } from "#shared/terraform";
import { type Functions, invoker } from "./functions.ts";
import type { Parts } from "./parts.ts";
import { secretCondition } from "./secrets.ts";

/** What roles are given on, by the name that a permission has for it. */
export type Granted = {
  readonly functions: Functions;
  /** Topics and buckets. */
  readonly byResource: ReadonlyMap<string, Element>;
  readonly secrets: ReadonlyMap<string, Element>;
};

/** The bindings of each function's account: on exactly one thing each, or on the project under a condition. */
export function grantsOf(
  permissions: CloudPermissions,
  granted: Granted,
  parts: Parts,
): readonly Element[] {
  const roles = new Map<string, Element>();
  const bindings = [...permissions].flatMap(([name, own]) => {
    const account = parts.accounts.get(name);
    if (account === undefined) return [];
    return own.flatMap((permission) =>
      permission.resource === "firestore"
        ? [rowsBinding(name, account, roleOf(permission, roles, parts), parts)]
        : permission.actions.map((role) =>
            binding(role, permission.resource, { name, account, granted, parts }),
          ),
    );
  });
  return [...roles.values(), ...bindings];
}

type Binding = {
  readonly name: string;
  readonly account: Element;
  readonly granted: Granted;
  readonly parts: Parts;
};

function binding(role: string, on: string, { name, account, granted, parts }: Binding): Element {
  const [kind = "", ...rest] = on.split("/");
  const what = rest.join("/");
  const label = labelOf(name, kind, what, role.replace(/^roles\/\w+\./, ""));
  const member = account.get("member");
  const target = granted.byResource.get(on);
  if (kind === "function") {
    const called = granted.functions.byName.get(what);
    if (called !== undefined) return invoker(label, called, member, parts.options.region);
  }
  if (kind === "account") {
    const body = { service_account_id: account.get("name"), role, member };
    return resource("google_service_account_iam_member", label, body);
  }
  if (kind === "blob" && target !== undefined) {
    const body = { bucket: target.get("name"), role, member };
    return resource("google_storage_bucket_iam_member", label, body);
  }
  if (kind !== "secret" && target !== undefined) {
    return resource("google_pubsub_topic_iam_member", label, {
      topic: target.get("id"),
      role,
      member,
    });
  }
  const secret = granted.secrets.get(what);
  if (secret !== undefined) {
    const body = { secret_id: secret.get("id"), role, member };
    return resource("google_secret_manager_secret_iam_member", label, body);
  }
  return onProject(label, role, member, {
    title: `secrets ${what}`,
    expression: secretCondition(what, parts.names),
  });
}

/** A role with exactly these permissions on Firestore; functions that need the same have the same one. */
function roleOf(
  { actions }: CloudPermission,
  roles: Map<string, Element>,
  { options }: Parts,
): Element {
  const verbs = actions.map((action) => action.replace("datastore.entities.", "")).join("_");
  const role = resource("google_project_iam_custom_role", labelOf("rows", verbs), {
    role_id: labelOf("auterity", options.stage, "rows", verbs),
    title: `auterity ${options.stage}: ${verbs.replaceAll("_", ", ")} rows`,
    permissions: actions,
  });
  roles.set(verbs, role);
  return role;
}

/** IAM sees databases of Firestore and no further: https://cloud.google.com/firestore/docs/security/iam#iam-conditions */
function rowsBinding(name: string, account: Element, role: Element, { names }: Parts): Element {
  return onProject(labelOf(name, "rows"), role.get("id"), account.get("member"), {
    title: `database ${names.database}`,
    expression: `resource.name == "projects/\${var.project}/databases/${names.database}"`,
  });
}

function onProject(
  label: string,
  role: string,
  member: string,
  condition: { readonly title: string; readonly expression: string },
): Element {
  return resource("google_project_iam_member", label, {
    project: "${var.project}",
    role,
    member,
    condition,
  });
}
