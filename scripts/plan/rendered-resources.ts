import { createHash } from "node:crypto";
import type { CloudState } from "#shared/plan";
import { parse } from "yaml";
import * as z from "zod";

/** Longer values are told apart by their hash; a plan shows that they differ, and the rendered files show how. */
const LONGEST_SHOWN = 80;

const Block = z.record(z.string(), z.unknown());
const Terraform = z.object({ resource: z.record(z.string(), z.record(z.string(), Block)) });
const Serverless = z.object({
  functions: z.record(z.string(), Block).default({}),
  resources: z
    .object({
      Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: Block.optional() })),
    })
    .default({ Resources: {} }),
});

/** A resource's arguments, as its tool has them. */
export type Arguments = Readonly<Record<string, unknown>>;

/** The resources in a cloud's rendered files; keys are as each tool says them: `<type>.<label>`. */
export function readResources(files: ReadonlyMap<string, string>): ReadonlyMap<string, Arguments> {
  return new Map(
    [...files].flatMap(([path, text]): [string, Arguments][] => {
      if (path.endsWith(".tf.json")) return terraform(text);
      if (path.endsWith("serverless.yml")) return serverless(text);
      if (path.endsWith("host.json")) return [["host.json", Block.parse(JSON.parse(text))]];
      return [];
    }),
  );
}

/** The same with their arguments as short texts, to be compared. */
export function shownResources(resources: ReadonlyMap<string, Arguments>): CloudState["resources"] {
  return Object.fromEntries(
    [...resources].map(([name, block]) => [
      name,
      Object.fromEntries(Object.entries(block).flatMap(([key, value]) => shown(key, value))),
    ]),
  );
}

function terraform(text: string): [string, Arguments][] {
  const { resource } = Terraform.parse(JSON.parse(text));
  return Object.entries(resource).flatMap(([type, labelled]) =>
    Object.entries(labelled).map(([label, block]): [string, Arguments] => [
      `${type}.${label}`,
      block,
    ]),
  );
}

function serverless(text: string): [string, Arguments][] {
  const { functions, resources } = Serverless.parse(parse(text));
  return [
    ...Object.entries(functions).map(([name, block]): [string, Arguments] => [
      `function.${name}`,
      block,
    ]),
    ...Object.entries(resources.Resources).map(
      ([name, { Type, Properties = {} }]): [string, Arguments] => [`${Type}.${name}`, Properties],
    ),
  ];
}

/** A block that is too long is shown by its members: `service_config.available_memory`. */
function shown(key: string, value: unknown): [string, string][] {
  const text = JSON.stringify(value);
  if (text.length <= LONGEST_SHOWN) return [[key, text]];
  const block = Block.safeParse(value);
  if (block.success) {
    return Object.entries(block.data).flatMap(([member, inner]) =>
      shown(`${key}.${member}`, inner),
    );
  }
  return [[key, `sha256:${createHash("sha256").update(text).digest("hex").slice(0, 12)}`]];
}
