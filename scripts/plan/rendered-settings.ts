import { parse } from "yaml";
import * as z from "zod";

/** The settings of one environment, by name; references are the text that stands for them. */
export type Settings = Readonly<Record<string, string>>;

const Environment = z
  .record(z.string(), z.unknown())
  .transform((all): Settings =>
    Object.fromEntries(
      Object.entries(all).map(([name, value]) => [
        name,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
  );
const Azure = z.object({ name: z.string(), app_settings: Environment });
const Gcp = z.object({
  build_config: z.object({ entry_point: z.string() }),
  service_config: z.object({ environment_variables: Environment.default({}) }),
});
const Terraform = z.object({
  resource: z.object({
    azurerm_function_app_flex_consumption: z.record(z.string(), Azure).default({}),
    google_cloudfunctions2_function: z.record(z.string(), Gcp).default({}),
  }),
});
const Serverless = z.object({
  provider: z.object({ environment: Environment.default({}) }),
  functions: z.record(z.string(), z.object({ environment: Environment.default({}) })),
});

/** The environment of each function in a cloud's rendered files; on Azure, that of the app they share. */
export function renderedSettings(
  files: ReadonlyMap<string, string>,
): ReadonlyMap<string, Settings> {
  return new Map(
    [...files].flatMap(([path, text]): [string, Settings][] => {
      if (path.endsWith(".tf.json")) return terraform(text);
      return path.endsWith("serverless.yml") ? serverless(text) : [];
    }),
  );
}

function terraform(text: string): [string, Settings][] {
  const { resource } = Terraform.parse(JSON.parse(text));
  return [
    ...Object.values(resource.azurerm_function_app_flex_consumption).map(
      ({ name, app_settings }): [string, Settings] => [name, app_settings],
    ),
    ...Object.values(resource.google_cloudfunctions2_function).map(
      ({ build_config, service_config }): [string, Settings] => [
        build_config.entry_point,
        service_config.environment_variables,
      ],
    ),
  ];
}

function serverless(text: string): [string, Settings][] {
  const { provider, functions } = Serverless.parse(parse(text));
  return Object.entries(functions).map(([name, { environment }]) => [
    name,
    { ...provider.environment, ...environment },
  ]);
}
