import type { Fixture, RecordedRequest, RecordedResponse } from "#shared/integration";
import type { Fixtures } from "./sandbox.ts";

/** A recorded exchange that stands for all requests of its shape. */
export type Route = {
  readonly integration: string;
  readonly method: string;
  /** Of the whole path, integration included. */
  readonly segments: readonly RegExp[];
  /** The segments that match anything. */
  readonly looseness: number;
  /** The recorded method and path, for people. */
  readonly label: string;
  readonly request: RecordedRequest;
  readonly response: RecordedResponse;
};

/**
 * The routes that fixtures stand for. A path segment that repeats a value of the fixture's input or settings, or of an
 * earlier answer, is a parameter and matches anything; so is such a value in another host's name. The rest must be equal.
 * Literal routes come before looser ones.
 */
export function compileFixtures(fixtures: Fixtures): readonly Route[] {
  const routes = Object.entries(fixtures).flatMap(([integration, actions]) =>
    Object.values(actions).flatMap((fixture) => routesOf(integration, fixture)),
  );
  return routes.toSorted((a, b) => a.looseness - b.looseness);
}

/**
 * The routes that a request fits as well as it fits any: of those with its path, the most literal ones, and of these the
 * ones whose recorded path, query and body agree with most of it: a fixture that names its resource otherwise than the
 * others has that resource to itself. More than one is a recorded sequence, such as a job
 * that is asked for until it is done.
 */
export function findRoutes(
  routes: readonly Route[],
  method: string,
  path: string,
  asked: Readonly<Record<string, unknown>>,
): readonly Route[] {
  const segments = path.split("/");
  const fitting = routes.filter(
    (route) =>
      route.method === method &&
      route.segments.length === segments.length &&
      route.segments.every((one, index) => one.test(segments[index] ?? "")),
  );
  const best = fitting
    .filter(({ looseness }) => looseness === fitting[0]?.looseness)
    .map((route) => ({
      route,
      agreement: agreementOf(route, asked) + sameSegments(route, segments),
    }));
  const most = Math.max(...best.map(({ agreement }) => agreement));
  const chosen = best.filter(({ agreement }) => agreement === most);
  return chosen.map(({ route }) => route);
}

/** What a request says beside its path, by name. */
export function membersOf(request: Omit<RecordedRequest, "method">): Record<string, unknown> {
  const { query, json, form, multipart = [] } = request;
  const isObject = typeof json === "object" && json !== null && !Array.isArray(json);
  const parts = multipart.map(({ name, text }) => [name, text] as const);
  return { ...query, ...form, ...(isObject ? json : {}), ...Object.fromEntries(parts) };
}

/** How many members are as recorded; each that only one side has counts against it. */
function agreementOf({ request }: Route, asked: Readonly<Record<string, unknown>>): number {
  const recorded = membersOf(request);
  const names = new Set([...Object.keys(recorded), ...Object.keys(asked)]);
  return [...names].reduce((sum, name) => {
    if (!Object.hasOwn(recorded, name) || !Object.hasOwn(asked, name)) return sum - 1;
    return JSON.stringify(recorded[name]) === JSON.stringify(asked[name]) ? sum + 1 : sum;
  }, 0);
}

/** How many segments are as recorded. */
function sameSegments({ request }: Route, segments: readonly string[]): number {
  const recorded = request.path.split("/").slice(1);
  const asked = segments.slice(-recorded.length);
  return recorded.filter((one, index) => one === asked[index]).length;
}

function routesOf(integration: string, fixture: Fixture): Route[] {
  const values = new Set<string>();
  collect([fixture.input, fixture.config], values);
  return fixture.exchanges.map(({ request, response }) => {
    const { method, host, path } = request;
    const below = path.split("/").slice(1);
    const free = below.filter((one) => values.has(one)).length;
    const route: Route = {
      integration,
      method,
      request,
      response,
      segments: [
        ...["", integration].map(exactly),
        ...(host === undefined ? [] : [hostPattern(host, values)]),
        ...below.map((one) => (values.has(one) ? /^/ : exactly(one))),
      ],
      looseness: free,
      label: `${method} ${host === undefined ? "" : `//${host}`}${path}`,
    };
    collect(response.json, values);
    return route;
  });
}

function exactly(text: string): RegExp {
  return new RegExp(`^${escape(text)}$`);
}

function hostPattern(host: string, values: ReadonlySet<string>): RegExp {
  const parameter = [...values].find((value) => value.length > 1 && labelled(value).test(host));
  if (parameter === undefined) return exactly(`~${host}`);
  const [before = "", after = ""] = host.split(parameter);
  return new RegExp(`^~${escape(before)}[a-z0-9-]+${escape(after)}$`);
}

/** The value as a label of a host name or a part of one between hyphens. */
function labelled(value: string): RegExp {
  return new RegExp(`(?:^|[.-])${escape(value)}(?:[.-]|$)`);
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

/** Every text and number within a value, as it would stand in a path. */
function collect(value: unknown, into: Set<string>): void {
  if (typeof value === "string" || typeof value === "number") {
    into.add(encodeURIComponent(value));
  } else if (typeof value === "object" && value !== null) {
    for (const member of Object.values(value)) collect(member, into);
  }
}
