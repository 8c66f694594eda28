import { configFields, secretFields } from "#shared/auth";
import { Fault } from "#shared/errors";
import { fieldNames, type Integration } from "#shared/integration";
import * as z from "zod";

/** What a caller gives of a connection. */
export const CredentialsInput = z.strictObject({
  /** `default` where it is left out. */
  name: z.string().optional(),
  fields: z.record(z.string(), z.string().min(1).max(65_536)).default({}),
  config: z.record(z.string(), z.string().max(1_024)).default({}),
});

export type CredentialsInput = z.infer<typeof CredentialsInput>;

/**
 * Checks what a caller gives against the definition. Throws `invalid_argument` from `caller`, naming the field and never
 * its value, for what the integration does not know or a setting that does not fit.
 */
export function readCredentials(integration: Integration, raw: unknown): CredentialsInput {
  const parsed = CredentialsInput.safeParse(raw);
  if (!parsed.success)
    throw refuse(parsed.error.issues[0]?.path.join(".") || "body", "does not fit");
  const { fields, config } = parsed.data;
  const settings = configFields(integration.auth);
  const secrets = fieldNames(integration).filter((name) => !Object.hasOwn(settings, name));
  for (const name of Object.keys(fields)) {
    if (!secrets.includes(name))
      throw refuse(name, `is no credential; there are ${secrets.join(", ")}`);
  }
  for (const [name, value] of Object.entries(config)) {
    const field = Object.hasOwn(settings, name) ? settings[name] : undefined;
    if (field === undefined) throw refuse(name, "is no setting of this integration");
    if (!field.schema.safeParse(value).success) {
      throw refuse(name, `does not fit; give something like ${field.example}`);
    }
  }
  return parsed.data;
}

/** What a connection of an integration asks for, for a form. */
export function describeForm(integration: Integration) {
  const { id, title, docs, auth, catalog, webhooks } = integration;
  const optional = webhooks === undefined ? [] : [webhooks.secretField];
  return {
    integration: id,
    title,
    docs,
    setup: catalog.setup,
    methods: auth.map((method) => ({
      kind: method.kind,
      title: method.title ?? method.kind,
      consent: method.kind === "oauth2",
      fields: Object.entries(method.fields).map(([name, { label, required }]) => ({
        ...{ name, label, required: required && !optional.includes(name) },
      })),
      config: Object.entries(method.config ?? {}).map(([name, field]) => ({
        ...{ name, label: field.label, example: field.example },
        required: field.default === undefined,
        ...(field.default === undefined ? {} : { default: field.default }),
      })),
    })),
    fields: Object.keys(secretFields(auth)),
  };
}

function refuse(field: string, why: string): Fault {
  return new Fault("invalid_argument", `connections.write: "${field}" ${why}`, {
    origin: "caller",
    details: { field },
  });
}
