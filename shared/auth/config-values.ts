import { Fault } from "#shared/errors";
import type { ConfigField } from "./auth.ts";

/** Settings of a connection by field, checked and complete. */
export type ConfigValues = Readonly<Record<string, string>>;

/**
 * Checks what a connection says and fills in defaults. `examples` stand in for what is missing, for the sandbox. Throws
 * `failed_precondition` from `caller`, naming the field that is missing or does not fit.
 */
export function readConfig(
  fields: Readonly<Record<string, ConfigField>>,
  given: Readonly<Record<string, string | undefined>>,
  where: { readonly connection: string; readonly examples: boolean },
): ConfigValues {
  const values = Object.entries(fields).map(([name, field]) => {
    const fallback = field.default ?? (where.examples ? field.example : undefined);
    const parsed = field.schema.safeParse(given[name] ?? fallback);
    if (parsed.success) return [name, parsed.data] as const;
    const why =
      given[name] === undefined ? `has no "${name}"` : `has a "${name}" that does not fit`;
    throw new Fault(
      "failed_precondition",
      `integration.connection: ${where.connection} ${why}; set it, for example ${field.example}`,
      { origin: "caller", details: { connection: where.connection, field: name } },
    );
  });
  return Object.fromEntries(values);
}

/**
 * Puts a connection's settings where an address says `{name}`, encoded so that a value stays in its place. Throws
 * `invalid_argument` for a name that is no config field.
 */
export function expand(template: string, config: ConfigValues): string {
  return template.replaceAll(/\{([a-z][a-z0-9-]*)\}/g, (_, name: string) => {
    const value = Object.hasOwn(config, name) ? config[name] : undefined;
    if (value !== undefined) return encodeURIComponent(value);
    throw new Fault(
      "invalid_argument",
      `auth.expand: "{${name}}" is no config field of the method; declare it`,
    );
  });
}
