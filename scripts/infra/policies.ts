import { readFileSync } from "node:fs";
import type { DeployManifest } from "#shared/plan";
import * as z from "zod";
import { type ConfigurationElement, textsIn } from "./configuration.ts";

const Pattern = z.string().transform((text) => new RegExp(text));
const Rule = z.strictObject({
  id: z.string(),
  why: z.string(),
  /** Of resources that it is about. */
  types: Pattern,
  /** From the outermost block inwards, joined by dots. */
  argument: z.string(),
  oneOf: z.array(z.union([z.string(), z.boolean()])).optional(),
  matches: Pattern.optional(),
  notMatches: Pattern.optional(),
  /** Where leaving it out means something else. */
  required: z.boolean().default(false),
  except: z.literal("public-function").optional(),
});
const Policies = z.strictObject({
  /** Resources that somebody has thought about; any other one needs rules first. */
  allowedTypes: z.array(z.string()),
  rules: z.array(Rule),
  /** Roles that may be given on a whole project without a condition. */
  projectRoles: z.array(z.string()),
  /** References, names of settings and texts that hold secrets. */
  secretAttributes: Pattern,
  secretNames: Pattern,
  secretValues: Pattern,
});

const policies = Policies.parse(
  JSON.parse(readFileSync(new URL("../../infra/policies/policies.json", import.meta.url), "utf8")),
);

/**
 * What is against `infra/policies/policies.json` in a configuration. `publicFunctions` are those with a public route, the
 * only ones that everybody may call.
 */
export function violationsOf(
  elements: readonly ConfigurationElement[],
  publicFunctions: readonly string[],
): readonly string[] {
  return elements
    .filter(({ kind }) => kind === "resource")
    .flatMap((element) => {
      const at = `${element.type}.${element.name}`;
      const found = [
        ...typeViolations(element),
        ...policies.rules.flatMap((rule) => ruleViolations(element, rule, publicFunctions)),
        ...projectViolations(element),
        ...secretViolations(element),
      ];
      return found.map((text) => `${at}: ${text}`);
    });
}

/** The functions that have a public route. */
export function publicFunctionsOf({ functions }: DeployManifest): readonly string[] {
  return functions
    .filter(
      ({ trigger }) =>
        trigger.kind === "http" && trigger.routes.some(({ auth }) => auth === "public"),
    )
    .map(({ name }) => name);
}

function typeViolations({ type }: ConfigurationElement): readonly string[] {
  if (policies.allowedTypes.includes(type)) return [];
  return [`allowed-types: no policy speaks of ${type}; write one and add the type`];
}

function ruleViolations(
  element: ConfigurationElement,
  rule: z.infer<typeof Rule>,
  publicFunctions: readonly string[],
): readonly string[] {
  const { id, why, types, argument, oneOf, matches, notMatches, required, except } = rule;
  if (!types.test(element.type)) return [];
  if (except !== undefined && isPublicInvoker(element, publicFunctions)) return [];
  const values = valuesAt(element.body, argument.split("."));
  if (values.length === 0) return required ? [`${id}: ${argument} is missing; ${why}`] : [];
  return values
    .filter((value) => {
      const text = String(value);
      if (oneOf !== undefined && !oneOf.some((allowed) => allowed === value)) return true;
      return matches?.test(text) === false || notMatches?.test(text) === true;
    })
    .map((value) => `${id}: ${argument} is ${JSON.stringify(value)}; ${why}`);
}

/** Everybody as the invoker of a function that everybody may call. */
function isPublicInvoker(
  { type, body }: ConfigurationElement,
  publicFunctions: readonly string[],
): boolean {
  const [, label] =
    /^\$\{google_cloudfunctions2_function\.(\w+)\.name\}$/.exec(String(body["service"])) ?? [];
  return (
    type === "google_cloud_run_service_iam_member" &&
    body["member"] === "allUsers" &&
    body["role"] === "roles/run.invoker" &&
    publicFunctions.some((name) => name.replaceAll("-", "_") === label)
  );
}

function projectViolations({ type, body }: ConfigurationElement): readonly string[] {
  const role = String(body["role"]);
  if (type !== "google_project_iam_member" || body["condition"] !== undefined) return [];
  if (policies.projectRoles.includes(role)) return [];
  return [`no-wildcard: ${role} is given on the whole project; add a condition`];
}

function secretViolations({ body }: ConfigurationElement): readonly string[] {
  const texts = textsIn(body);
  const inTexts = texts.filter(
    (text) =>
      policies.secretValues.test(text) ||
      (text.includes("${") && policies.secretAttributes.test(text)),
  );
  const settings = [
    ...valuesAt(body, ["app_settings"]),
    ...valuesAt(body, ["service_config", "environment_variables"]),
  ];
  const named = settings
    .flatMap((map) => Object.entries(z.record(z.string(), z.unknown()).parse(map)))
    .filter(([name, value]) => value !== "" && policies.secretNames.test(name.toUpperCase()));
  return [
    // Without the text, which may be one.
    ...inTexts.map(() => "no-plain-secrets: a text holds or refers to a key; use an identity"),
    ...named.map(([name]) => `no-plain-secrets: the setting ${name} is a secret; use the vault`),
  ];
}

/** The values at a path of nested blocks, through lists of blocks and of values. */
function valuesAt(value: unknown, path: readonly string[]): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path));
  const [name, ...rest] = path;
  if (name === undefined) return value === undefined || value === null ? [] : [value];
  const block = z.record(z.string(), z.unknown()).safeParse(value);
  return block.success ? valuesAt(block.data[name], rest) : [];
}
