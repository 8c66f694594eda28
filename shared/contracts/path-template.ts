import type { Operation, Selector } from "./contract.ts";

/** A request as operations are told apart by it. */
export type Asked = {
  readonly method: string;
  /** From the host on, encoded, without query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  /** In lower case; left out where nobody recorded them. */
  readonly headers?: Readonly<Record<string, string>>;
};

/** The parameters of a path by a template, decoded unless they are many; `undefined` where it is another path. */
export function matchPath(
  template: string,
  path: string,
): Readonly<Record<string, string>> | undefined {
  const names: { readonly name: string; readonly isMany: boolean }[] = [];
  const source = template.replaceAll(/\{(\+?)([^}]+)\}|[^{]+/g, (text, plus, name?: string) => {
    if (name === undefined) return text.replaceAll(/[\\^$.*+?()[\]|]/g, "\\$&");
    names.push({ name, isMany: plus === "+" });
    return plus === "+" ? "(.+?)" : "([^/]+?)";
  });
  const found = new RegExp(`^${source}/?$`).exec(path);
  if (found === null) return undefined;
  return Object.fromEntries(
    names.map(({ name, isMany }, index) => {
      const text = found[index + 1] ?? "";
      return [name, isMany ? text : decode(text)];
    }),
  );
}

/**
 * The operation that a request asks for: of those that fit, the one whose path says most. A vendor may describe
 * `/repos/{owner}/{repo}` beside `/repos/search`, and an operation that is told apart by `?List=ALL` beside one that is not.
 */
export function findOperation<T extends Pick<Operation, "method" | "path" | "select">>(
  operations: readonly T[],
  asked: Asked,
): T | undefined {
  const fitting = operations.filter(
    ({ method, path, select = [] }) =>
      method === asked.method &&
      matchPath(path, asked.path) !== undefined &&
      select.every((one) => isSelected(one, asked)),
  );
  return fitting.toSorted(
    (a, b) =>
      looseness(a.path) - looseness(b.path) || (b.select?.length ?? 0) - (a.select?.length ?? 0),
  )[0];
}

/** The fewer characters are fixed and the more are free, the later a template is asked. */
function looseness(template: string): number {
  const many = template.match(/\{\+/g)?.length ?? 0;
  const free = template.match(/\{/g)?.length ?? 0;
  return many * 10_000 + free * 100 - template.replaceAll(/\{[^}]*\}/g, "").length / 100;
}

function isSelected({ in: place, name, value }: Selector, asked: Asked): boolean {
  return place === "query" ? asked.query[name] === value : asked.headers?.[name] === value;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
