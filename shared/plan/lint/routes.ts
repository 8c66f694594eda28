import type { FunctionDefinition, Route } from "#shared/function";
import type { Finding, LintInput } from "./finding.ts";

/**
 * Paths that a cloud keeps for itself: Azure refuses routes below the first two
 * (https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger#customize-the-http-endpoint,
 * `admin` and `runtime` are the host's own), and Google's Functions Framework answers the last two with 404.
 */
const RESERVED = /^\/(?:admin|runtime)(?:\/|$)|^\/(?:favicon\.ico|robots\.txt)$/;

type Owned = { readonly owner: FunctionDefinition; readonly route: Route };

/** Requests that two functions would answer, and paths that never reach one. */
export function routeConflicts({ functions }: LintInput): Finding[] {
  const owned = functions.flatMap((owner): Owned[] =>
    owner.trigger.kind === "http" ? owner.trigger.routes.map((route) => ({ owner, route })) : [],
  );
  return [
    ...owned.flatMap(reserved),
    ...owned.flatMap((one, index) => conflicts(one, owned.slice(0, index))),
  ];
}

function reserved({ owner, route }: Owned): Finding[] {
  if (!RESERVED.test(route.path)) return [];
  return [finding(owner, `${route.path} is kept by a cloud for itself; choose another path`)];
}

function conflicts({ owner, route }: Owned, earlier: readonly Owned[]): Finding[] {
  return earlier
    .filter((other) => other.route.method === route.method && overlap(other.route.path, route.path))
    .map((other) => {
      const theirs = `${other.route.method} ${other.route.path} of "${other.owner.name}"`;
      return finding(
        owner,
        `${route.method} ${route.path} and ${theirs} answer the same request; change one's path`,
      );
    });
}

function overlap(a: string, b: string): boolean {
  const left = a.split("/");
  const right = b.split("/");
  return (
    left.length === right.length &&
    left.every((segment, index) => {
      const other = right[index] ?? "";
      return segment === other || segment.startsWith(":") || other.startsWith(":");
    })
  );
}

function finding({ name }: FunctionDefinition, message: string): Finding {
  return { severity: "error", rule: "route", subject: { kind: "function", name }, message };
}
