import type { CatalogueAction, CatalogueEntry, FunctionInfo, JsonSchema } from "#shared/console";
import { codes } from "#shared/errors";
import type { DescribedRoute } from "./described-routes.ts";
import { OpenApiSchemas } from "./openapi-schemas.ts";

/** What the running product is described from. */
export type Described = {
  readonly routes: readonly DescribedRoute[];
  readonly functions: readonly FunctionInfo[];
  readonly integrations: readonly CatalogueEntry[];
};

type Path = { readonly path: string; readonly method: string; readonly operation: JsonSchema };

const ACTION = "/v1/integrations/:integration/actions/:action";
const FUNCTION = "/v1/functions/:name";
const WEBHOOK = "/v1/webhooks/:integration/:connection";

/**
 * The OpenAPI 3.1 description of a running gateway (https://spec.openapis.org/oas/v3.1.1): every route that is
 * registered, and for actions, functions and webhooks one path for each that there is, with its schemas.
 */
export function openApiOf({ routes, functions, integrations }: Described): JsonSchema {
  const schemas = new OpenApiSchemas();
  const paths = routes
    .filter(({ method }) => method !== "HEAD")
    .flatMap((route) => pathsOf(route, functions, integrations, schemas));
  return {
    openapi: "3.1.1",
    info: {
      title: "auterity",
      version: "1",
      summary: "Actions of integrations, functions, and what became of them",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    security: [{ bearer: [] }],
    paths: grouped(paths),
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
      responses: { problem: problemResponse() },
      schemas: schemas.components,
    },
  };
}

function pathsOf(
  route: DescribedRoute,
  functions: readonly FunctionInfo[],
  integrations: readonly CatalogueEntry[],
  schemas: OpenApiSchemas,
): Path[] {
  const at = (path: string, operation: JsonSchema): Path => ({
    path,
    method: route.method.toLowerCase(),
    operation: route.guarded ? operation : { ...operation, security: [] },
  });
  if (route.url === ACTION) {
    return integrations.flatMap(({ id, title, actions }) =>
      actions.map((action) =>
        at(
          `/v1/integrations/${id}/actions/${action.id}`,
          actionOperation(id, title, action, schemas),
        ),
      ),
    );
  }
  if (route.url === FUNCTION) {
    return functions
      .filter(({ trigger, name }) => trigger === "http" && !name.startsWith("integration-"))
      .map((fn) => at(`/v1/functions/${fn.name}`, functionOperation(route.method, fn, schemas)));
  }
  if (route.url === WEBHOOK) {
    return integrations
      .filter(({ events }) => events.length > 0)
      .map((entry) =>
        at(`/v1/webhooks/${entry.id}/{connection}`, webhookOperation(route, entry, schemas)),
      );
  }
  // OpenAPI has no parameter of several segments; a route that takes all below it is named by one.
  const url = route.url.replace("*", ":path");
  return [at(url.replaceAll(/:(\w+)/g, "{$1}"), plainOperation({ ...route, url }))];
}

function actionOperation(
  id: string,
  title: string,
  action: CatalogueAction,
  schemas: OpenApiSchemas,
): JsonSchema {
  const scope = `${id}.${action.id}`;
  return {
    operationId: scope,
    summary: action.summary,
    tags: [title],
    externalDocs: { url: action.docs },
    parameters: [
      header("x-auterity-connection", "The connection to use; `default` when left out"),
      ...(action.effect === "write"
        ? [header("idempotency-key", "One effect for all calls with this key, for a day")]
        : []),
    ],
    requestBody: json(schemas.embed(`${scope}.input`, action.input)),
    responses: {
      200: {
        description: "The action's output",
        ...json(schemas.embed(`${scope}.output`, action.output)),
      },
      ...problem,
    },
  };
}

function functionOperation(
  method: string,
  { name, summary, input }: FunctionInfo,
  schemas: OpenApiSchemas,
): JsonSchema {
  return {
    operationId: `${method.toLowerCase()}-${name}`,
    summary,
    tags: ["Functions"],
    ...(method === "GET" || method === "DELETE"
      ? {}
      : { requestBody: json(schemas.embed(`${name}.${method.toLowerCase()}`, input)) }),
    responses: { "2XX": { description: "What the function answers" }, ...problem },
  };
}

function webhookOperation(
  { method }: DescribedRoute,
  { id, title, events }: CatalogueEntry,
  schemas: OpenApiSchemas,
): JsonSchema {
  const payloads = (): JsonSchema[] =>
    events.map(({ type, payload }) =>
      schemas.embed(`${id}.event.${type.replaceAll(/[^\w.-]/g, "-")}`, payload),
    );
  return {
    operationId: `${method.toLowerCase()}-webhook-${id}`,
    summary: `Take an event of ${title}, proved by its signature`,
    tags: [title],
    parameters: [pathParameter("connection")],
    ...(method === "GET" ? {} : { requestBody: json({ anyOf: payloads() }) }),
    responses: { "2XX": { description: "Stored, or a handshake answered" }, ...problem },
  };
}

function plainOperation({ method, url }: DescribedRoute): JsonSchema {
  const parameters = [...url.matchAll(/:(\w+)/g)].map(([, name = ""]) => pathParameter(name));
  const name = url.replaceAll(/[^\w]+/g, "-").replaceAll(/^-|-$/g, "");
  return {
    operationId: `${method.toLowerCase()}-${name || "root"}`,
    tags: ["Gateway"],
    ...(parameters.length === 0 ? {} : { parameters }),
    responses: {
      "2XX": { description: "See the architecture's section on the gateway" },
      ...problem,
    },
  };
}

function header(name: string, description: string): JsonSchema {
  return { name, in: "header", description, schema: { type: "string" } };
}

const problem = { default: { $ref: "#/components/responses/problem" } };

function pathParameter(name: string): JsonSchema {
  return { name, in: "path", required: true, schema: { type: "string" } };
}

function json(schema: JsonSchema): JsonSchema {
  return { content: { "application/json": { schema } } };
}

/** Every failure: https://www.rfc-editor.org/rfc/rfc9457 with a code of ours. */
function problemResponse(): JsonSchema {
  const schema = {
    type: "object",
    required: ["type", "title", "status", "detail", "instance", "code", "origin"],
    properties: {
      type: { type: "string" },
      title: { type: "string" },
      status: { type: "integer" },
      detail: { type: "string" },
      instance: { type: "string" },
      code: { enum: Object.keys(codes) },
      origin: { enum: ["caller", "upstream", "platform", "self"] },
      details: { type: "object" },
    },
  };
  return {
    description: "What went wrong, and who has to act; docs/errors.md lists the codes",
    content: { "application/problem+json": { schema } },
  };
}

function grouped(paths: readonly Path[]): JsonSchema {
  const found = new Map<string, Record<string, JsonSchema>>();
  for (const { path, method, operation } of paths) {
    const item = found.get(path) ?? {};
    found.set(path, Object.assign(item, { [method]: operation }));
  }
  const sorted = [...found].toSorted(([a], [b]) => a.localeCompare(b, "en"));
  return Object.fromEntries(sorted);
}
