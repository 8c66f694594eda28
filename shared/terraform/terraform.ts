import { Fault } from "#shared/errors";

/** What stands behind an argument's or a block's name in Terraform's JSON syntax. */
export type Argument = string | number | boolean | null | readonly Argument[] | Block;

/** Arguments and nested blocks by name; `undefined` ones are left out. */
export type Block = { readonly [name: string]: Argument | undefined };

/** A resource or a data source. */
export type Element = {
  readonly kind: "resource" | "data";
  readonly type: string;
  readonly name: string;
  readonly body: Block;
  /** An attribute of it as an expression, for others to refer to: `${type.name.attribute}`. */
  readonly get: (attribute: string) => string;
};

/** What a configuration has beside its resources and data sources. */
export type Root = {
  readonly terraform: Block;
  readonly provider: Block;
  readonly variable?: Block;
  readonly locals?: Block;
  readonly output?: Block;
};

/** A managed resource. */
export function resource(type: string, name: string, body: Block): Element {
  return { kind: "resource", type, name, body, get: (path) => `\${${type}.${name}.${path}}` };
}

/** A data source: something that is read and not made. */
export function data(type: string, name: string, body: Block): Element {
  return { kind: "data", type, name, body, get: (path) => `\${data.${type}.${name}.${path}}` };
}

/** The name of a resource within the configuration for one of ours, which are kebab-case. */
export function labelOf(...names: readonly string[]): string {
  return names.join("_").replaceAll(/[^A-Za-z0-9]+/g, "_");
}

/** A block from entries, for maps whose names are computed. */
export function blockOf(entries: readonly (readonly [string, Argument])[]): Block {
  return Object.fromEntries(entries);
}

/**
 * A configuration in JSON (https://developer.hashicorp.com/terraform/language/syntax/json), sorted by type and name.
 * Throws `invalid_argument` for two elements of one type and name.
 */
export function renderTerraform(root: Root, elements: readonly Element[]): string {
  const config = {
    ...root,
    data: byType(elements.filter(({ kind }) => kind === "data")),
    resource: byType(elements.filter(({ kind }) => kind === "resource")),
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

function byType(elements: readonly Element[]): Block {
  const types = Map.groupBy(elements, ({ type }) => type);
  return blockOf(
    [...types].toSorted(inOrder).map(([type, group]) => {
      const bodies = new Map<string, Block>();
      for (const { name, body } of group) {
        if (bodies.has(name)) throw twice(type, name);
        bodies.set(name, body);
      }
      return [type, blockOf([...bodies].toSorted(inOrder))];
    }),
  );
}

function inOrder([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function twice(type: string, name: string): Fault {
  return new Fault(
    "invalid_argument",
    `terraform.render: there are two ${type} called "${name}"; rename one of the definitions behind them`,
  );
}
