import type { Auth, Auths, ConfigField, SecretField } from "./auth.ts";

/** Every credential that some method of an integration knows, by name. */
export function secretFields(auth: Auths): Readonly<Record<string, SecretField>> {
  return Object.fromEntries(auth.flatMap(({ fields }) => Object.entries(fields)));
}

/** Every setting that some method of an integration knows, by name. */
export function configFields(auth: Auths): Readonly<Record<string, ConfigField>> {
  return Object.fromEntries(auth.flatMap(({ config = {} }) => Object.entries(config)));
}

/** The methods an action may use: those that name it or, where none does, those that name no action. */
export function methodsOf(auth: Auths, action: string): readonly Auth[] {
  const own = auth.filter(({ only }) => only?.includes(action) === true);
  return own.length > 0 ? own : auth.filter(({ only }) => only === undefined);
}

/** The first required field of a method that is not there. */
export function missingField(
  method: Auth,
  credentials: { has(field: string): boolean },
): string | undefined {
  return Object.entries(method.fields).find(
    ([field, { required }]) => required && !credentials.has(field),
  )?.[0];
}
