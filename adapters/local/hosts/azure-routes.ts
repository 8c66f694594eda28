import type { Metadata } from "./azure-core.ts";

/**
 * Which of a function's HTTP bindings the host would choose, if any: route templates are matched a segment at a
 * time and without regard to case. A function with several paths is registered as `name`, `name_2` and so on.
 * https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger#customize-the-http-endpoint
 */
export function findHttpFunction(
  functions: readonly Metadata[],
  fn: string,
  method: string,
  path: string,
): string | undefined {
  const own = functions.filter(({ name }) => name === fn || name.startsWith(`${fn}_`));
  return own.find(({ bindings }) =>
    Object.values(bindings).some(
      ({ type, methods = [], route = "" }) =>
        /^httptrigger$/i.test(type) &&
        methods.some((allowed) => allowed.toUpperCase() === method) &&
        matches(route, path),
    ),
  )?.name;
}

function matches(template: string, path: string): boolean {
  const expected = template.split("/");
  const actual = path.slice(1).split("/");
  return (
    expected.length === actual.length &&
    expected.every((segment, index) => {
      const value = actual[index] ?? "";
      if (/^\{.+\}$/.test(segment)) return value !== "";
      return segment.toLowerCase() === value.toLowerCase();
    })
  );
}
