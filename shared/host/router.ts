import { Fault } from "#shared/errors";
import type { HttpTrigger } from "#shared/function";

type Route = HttpTrigger["routes"][number];

/** A route that fits a request, and the decoded parameters of its path. */
export type RouteMatch = {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
};

const noParams: Readonly<Record<string, string>> = Object.freeze({});

/**
 * Compiles the routes of one function. The matcher throws `not_found` for a path that is none of them and
 * `method_not_allowed` with the allowed ones for a wrong method; HEAD is served by the GET route (RFC 9110 §9.3.2).
 */
export function compileRoutes(
  routes: readonly Route[],
): (method: string, path: string) => RouteMatch {
  const compiled = routes.map((route) => ({ route, pattern: compilePath(route.path) }));
  return (method, path) => {
    const segments = path.split("/");
    const wanted = method === "HEAD" ? "GET" : method;
    let allowed: string[] | undefined;
    for (const { route, pattern } of compiled) {
      const params = matchPath(pattern, segments);
      if (params === undefined) continue;
      if (route.method === wanted) return { route, params };
      allowed = [...(allowed ?? []), route.method];
    }
    throw allowed === undefined ? noSuchPath() : wrongMethod(method, allowed);
  };
}

/** One segment of a route's path: a text to equal, or the name of a parameter. */
type Segment = { readonly text: string; readonly parameter: boolean };

function compilePath(path: string): readonly Segment[] {
  return path.split("/").map((segment) => {
    const parameter = segment.startsWith(":");
    return { text: parameter ? segment.slice(1) : segment, parameter };
  });
}

function matchPath(
  pattern: readonly Segment[],
  segments: readonly string[],
): Readonly<Record<string, string>> | undefined {
  if (segments.length !== pattern.length) return undefined;
  let params: Record<string, string> | undefined;
  for (const [index, { text, parameter }] of pattern.entries()) {
    const actual = segments[index] ?? "";
    if (parameter) {
      const value = decodeSegment(actual);
      if (value === "" || value === undefined) return undefined;
      params ??= {};
      params[text] = value;
    } else if (text !== actual) return undefined;
  }
  return params ?? noParams;
}

function decodeSegment(segment: string): string | undefined {
  if (!segment.includes("%")) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

function noSuchPath(): Fault {
  return new Fault("not_found", "http.route: no such path; see the catalogue for what exists", {
    origin: "caller",
  });
}

function wrongMethod(method: string, allowed: readonly string[]): Fault {
  return new Fault(
    "method_not_allowed",
    `http.route: this path does not answer ${/^[A-Z]{1,10}$/.test(method) ? method : "that method"}; use ${allowed.join(" or ")}`,
    { origin: "caller", details: { allowed: allowed.join(", ") } },
  );
}
