import type { Fixture, FixtureExchange } from "#shared/integration";
import type { Fixtures } from "./sandbox.ts";

/** A recorded exchange that stands for all requests of its shape. */
export type Route = {
  readonly integration: string;
  readonly method: string;
  /** Of the whole path, integration included; `undefined` is a parameter. */
  readonly segments: readonly (string | undefined)[];
  /** The recorded method and path, for people. */
  readonly label: string;
  readonly status: number;
  readonly answer: unknown;
};

/**
 * The routes that fixtures stand for. A path segment that repeats a value of the fixture's input, or of an earlier
 * answer, is a parameter and matches anything; the rest must be equal. Literal routes come before looser ones.
 */
export function compileFixtures(fixtures: Fixtures): readonly Route[] {
  const routes = Object.entries(fixtures).flatMap(([integration, actions]) =>
    Object.values(actions).flatMap((fixture) => routesOf(integration, fixture)),
  );
  const looseness = ({ segments }: Route): number =>
    segments.filter((one) => one === undefined).length;
  return routes.toSorted((a, b) => looseness(a) - looseness(b));
}

/** The first route that a request has the shape of. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): Route | undefined {
  const asked = path.split("/");
  return routes.find(
    (route) =>
      route.method === method &&
      route.segments.length === asked.length &&
      route.segments.every((one, index) => (one ?? asked[index]) === asked[index]),
  );
}

function routesOf(integration: string, fixture: Fixture): Route[] {
  const values = new Set<string>();
  collect(fixture.input, values);
  return fixture.exchanges.map(({ request, response }) => {
    const route = {
      integration,
      method: request.method,
      segments: segmentsOf(integration, request.path, values),
      label: `${request.method} ${request.path}`,
      status: response.status,
      answer: answerOf(response),
    };
    collect(response.json, values);
    return route;
  });
}

function answerOf(response: FixtureExchange["response"]): unknown {
  return response.sandbox ?? response.json;
}

function segmentsOf(
  integration: string,
  path: string,
  values: ReadonlySet<string>,
): readonly (string | undefined)[] {
  const [root = "", ...below] = path.split("/");
  return [root, integration, ...below.map((one) => (values.has(one) ? undefined : one))];
}

/** Every text and number within a value, as it would stand in a path. */
function collect(value: unknown, into: Set<string>): void {
  if (typeof value === "string" || typeof value === "number") {
    into.add(encodeURIComponent(value));
  } else if (typeof value === "object" && value !== null) {
    for (const member of Object.values(value)) collect(member, into);
  }
}
