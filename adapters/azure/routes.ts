import type { HttpMethod } from "@azure/functions";
import type { HttpTrigger } from "#shared/function";

/** One HTTP binding: all methods of one path. */
export type AzureRoute = { readonly route: string; readonly methods: HttpMethod[] };

/**
 * Routes in Azure's form: no leading slash, `{name}` for a parameter, and the methods listed, since GET and POST
 * are taken where none are. HEAD goes with GET (RFC 9110 §9.3.2), which Azure does not do by itself.
 */
export function azureRoutes(
  routes: readonly Pick<HttpTrigger["routes"][number], "method" | "path">[],
): readonly AzureRoute[] {
  const byPath = Map.groupBy(routes, ({ path }) => path);
  return [...byPath].map(([path, group]) => ({
    route: path.slice(1).replaceAll(/:([A-Za-z0-9_]+)/g, "{$1}"),
    methods: group.flatMap(({ method }): HttpMethod[] =>
      method === "GET" ? ["GET", "HEAD"] : [method],
    ),
  }));
}
