import { Fault } from "#shared/errors";
import { type Element, labelOf, resource } from "#shared/terraform";
import { secretId } from "../drivers/secrets-secret-manager.ts";
import type { GcpNames } from "./names.ts";
import type { Parts } from "./parts.ts";

/** Empty secrets, by our names, for those whose whole name is known; values are put in by hand. */
export function secretsOf({ names }: Parts): ReadonlyMap<string, Element> {
  return new Map(
    [...names.secrets].map(([name, id]) => [
      name,
      resource("google_secret_manager_secret", labelOf(name), {
        secret_id: id,
        replication: { auto: {} },
      }),
    ]),
  );
}

/**
 * The condition that a name of ours with `*` in it stands for, on secrets of the project
 * (https://cloud.google.com/iam/docs/conditions-attribute-reference#extract). Parts are joined by an underscore, which is
 * in none of them. Throws `invalid_argument` for a pattern that IAM cannot tell: one whose second `*` is followed by
 * more than `*`s.
 */
export function secretCondition(pattern: string, { prefix }: Pick<GcpNames, "prefix">): string {
  const parts = pattern.split("/");
  const open = parts.indexOf("*");
  const head = `/secrets/${prefix}${parts.slice(0, open).map(secretId).join("_")}_`;
  const after = parts.slice(open + 1);
  const rest = after.findIndex((part) => part === "*");
  const fixed = rest === -1 ? after : after.slice(0, rest);
  if (rest !== -1 && after.slice(rest).some((part) => part !== "*")) throw untellable(pattern);
  const version = 'resource.type == "secretmanager.googleapis.com/SecretVersion"';
  const project = "projects/${data.google_project.current.number}";
  if (fixed.length === 0) return `${version} && resource.name.startsWith("${project}${head}")`;
  const tail = `_${fixed.map(secretId).join("_")}${rest === -1 ? "/" : "_"}`;
  const until = (end: string): string => `resource.name.extract("${head}{part}${end}")`;
  // The open part ends where the first underscore is; only then is what follows in its place and not further on.
  return `${version} && ${until(tail)} != "" && ${until(tail)} == ${until("_")}`;
}

function untellable(pattern: string): Fault {
  return new Fault(
    "invalid_argument",
    `gcp.secrets: no condition of IAM tells "${pattern}" apart; let only one part before the last fixed one be open`,
  );
}
