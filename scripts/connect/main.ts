import { parseArgs } from "node:util";
import * as z from "zod";
import { type Ask, readValues } from "./ask.ts";
import type { ProductClient } from "./product.ts";

/** What the command line works with; a test's own in a test. */
export type Surroundings = {
  readonly product: () => ProductClient;
  /** `undefined` where nobody sits at a terminal. */
  readonly ask: Ask | undefined;
  readonly stdin: () => Promise<string>;
  readonly print: (line: string) => void;
  readonly complain: (line: string) => void;
};

const HELP = `usage: npm run connect -- <integration> [--name <connection>] [--field <name>=@file]… [--config <name>=<value>]…
       npm run connect -- --list | --test <integration> | --rotate <integration> | --delete <integration>

Connects a running product to a vendor: asks for what the integration needs, stores it encrypted and runs the
integration's health check. Secrets are typed unseen, or read from a file (token=@file) or standard input (token=-).
Where a vendor asks people for consent, an address is printed: open it and agree.

  --name <connection>   which connection, where there are several (default "default")
  --method <kind>       how to authenticate, where there are several ways
  --list                all connections and how they are; also wraps the data key anew after a new master key
  --test                runs the health check now
  --rotate              replaces credentials: asks, or takes --field
  --delete              deletes the connection with its credentials and tokens

environment
  AUTERITY_URL     the product (default http://127.0.0.1:4400)
  AUTERITY_TOKEN   its bearer token (default: that of the data folder)
  AUTERITY_DATA    the data folder (default .auterity)`;

const Field = z.object({ name: z.string(), label: z.string(), required: z.boolean() });
const Method = z.object({
  kind: z.string(),
  title: z.string(),
  consent: z.boolean(),
  fields: z.array(Field),
  config: z.array(Field.extend({ example: z.string(), default: z.string().optional() })),
});
const Form = z.object({ title: z.string(), setup: z.array(z.string()), methods: z.array(Method) });
const Health = z.object({
  status: z.string(),
  fault: z.object({ message: z.string() }).nullable(),
});
const Listing = z.object({
  items: z.array(z.object({ integration: z.string(), name: z.string(), health: Health })),
});
const Checked = Health.extend({ sandbox: z.boolean() });
const Consent = z.object({ url: z.string() });

type Values = {
  readonly name: string;
  readonly method: string | undefined;
  readonly fields: Readonly<Record<string, string>>;
  readonly config: Readonly<Record<string, string>>;
};

const options = {
  name: { type: "string", default: "default" },
  method: { type: "string" },
  field: { type: "string", multiple: true },
  config: { type: "string", multiple: true },
  list: { type: "boolean", default: false },
  test: { type: "boolean", default: false },
  rotate: { type: "boolean", default: false },
  delete: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** The command line of `npm run connect`; gives the exit code. */
export async function main(args: readonly string[], around: Surroundings): Promise<number> {
  try {
    return await run(args, around);
  } catch (error) {
    around.complain(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

async function run(args: readonly string[], around: Surroundings): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  if (values.help) {
    around.print(HELP);
    return 0;
  }
  const [integration, ...more] = positionals;
  const chosen = [values.test, values.rotate, values.delete, values.list].filter(Boolean).length;
  if (more.length > 0 || chosen > 1 || (integration === undefined) !== values.list) {
    around.complain(HELP.slice(0, HELP.indexOf("\n\n")));
    return 2;
  }
  const product = around.product();
  if (integration === undefined) return list(product, around);
  const at = `/v1/connections/${encodeURIComponent(integration)}/${encodeURIComponent(values.name)}`;
  if (values.test) return check(product, at, around);
  if (values.delete) {
    await product.call("DELETE", at);
    around.print(`${integration}/${values.name}: deleted with its credentials and tokens`);
    return 0;
  }
  const given: Values = {
    name: values.name,
    method: values.method,
    fields: await readValues(values.field ?? [], around.stdin),
    config: await readValues(values.config ?? [], around.stdin),
  };
  return values.rotate
    ? rotate(product, integration, at, given, around)
    : connect(product, integration, at, given, around);
}

async function list(product: ProductClient, { print }: Surroundings): Promise<number> {
  const { items } = Listing.parse(await product.call("GET", "/v1/connections"));
  for (const { integration, name, health } of items) {
    print(
      `${integration}/${name}  ${health.status}${health.fault === null ? "" : `  ${health.fault.message}`}`,
    );
  }
  if (items.length === 0) print('no connections yet; "npm run connect -- <integration>" makes one');
  return 0;
}

async function check(
  product: ProductClient,
  at: string,
  { print, complain }: Surroundings,
): Promise<number> {
  const { status, fault, sandbox } = Checked.parse(await product.call("POST", `${at}/test`));
  if (fault !== null) {
    complain(`${status}: ${fault.message}`);
    return 1;
  }
  print(sandbox ? `${status}, in the sandbox: there are no credentials yet` : status);
  return 0;
}

async function connect(
  product: ProductClient,
  integration: string,
  at: string,
  given: Values,
  around: Surroundings,
): Promise<number> {
  const form = Form.parse(
    await product.call("GET", `/v1/connections/${encodeURIComponent(integration)}`),
  );
  const method = chooseMethod(form, given);
  form.setup.forEach((step, index) => around.print(`  ${index + 1}. ${step}`));
  const { name, fields, config } = await fill(method, given, around.ask, false);
  await product.call("POST", `/v1/connections/${encodeURIComponent(integration)}`, {
    ...{ name, fields, config },
  });
  if (method.consent) return consent(product, integration, at, given, around);
  around.print(`${integration}/${given.name} is stored; checking it`);
  return next(await check(product, at, around), integration, given, around);
}

async function rotate(
  product: ProductClient,
  integration: string,
  at: string,
  given: Values,
  around: Surroundings,
): Promise<number> {
  const form = Form.parse(
    await product.call("GET", `/v1/connections/${encodeURIComponent(integration)}`),
  );
  const method = chooseMethod(form, given);
  const named = Object.keys({ ...given.fields, ...given.config }).length > 0;
  const body = named ? given : await fill(method, given, around.ask, true);
  await product.call("POST", `${at}/rotate`, { fields: body.fields, config: body.config });
  if (method.consent) return consent(product, integration, at, given, around);
  around.print(`${integration}/${given.name} is rotated; checking it`);
  return check(product, at, around);
}

async function consent(
  product: ProductClient,
  integration: string,
  at: string,
  { name }: Values,
  { print }: Surroundings,
): Promise<number> {
  const { url } = Consent.parse(await product.call("POST", `${at}/authorize`));
  print(`open this address within ten minutes and agree:\n\n${url}\n`);
  print(
    `then: npm run connect -- --test ${integration}${name === "default" ? "" : ` --name ${name}`}`,
  );
  return 0;
}

function next(
  code: number,
  integration: string,
  { name }: Values,
  { print }: Surroundings,
): number {
  const flag = name === "default" ? "" : ` --name ${name}`;
  if (code === 0) print(`next: call an action, see GET /v1/integrations/${integration}`);
  else print(`next: npm run connect -- --rotate ${integration}${flag}`);
  return code;
}

/** The one that was named, or that knows all the fields that were given, or the first. */
function chooseMethod(
  { methods, title }: z.infer<typeof Form>,
  { method, fields }: Values,
): z.infer<typeof Method> {
  const names = Object.keys(fields);
  const fits = methods.find((one) =>
    method === undefined
      ? names.every((name) => one.fields.some((field) => field.name === name))
      : one.kind === method,
  );
  if (fits !== undefined) return fits;
  throw new Error(
    `${title} knows ${methods.map(({ kind }) => kind).join(", ")}; choose with --method`,
  );
}

async function fill(
  method: z.infer<typeof Method>,
  given: Values,
  ask: Ask | undefined,
  optional: boolean,
): Promise<Values> {
  const fields = { ...given.fields };
  const config = { ...given.config };
  for (const { name, label, required } of method.fields) {
    if (fields[name] !== undefined) continue;
    if (ask === undefined) {
      if (required && !optional) throw new Error(`--field ${name}=@file is missing (${label})`);
      continue;
    }
    const value = await ask(`${label}${required && !optional ? "" : " (optional)"}: `, {
      hidden: true,
    });
    if (value !== "") fields[name] = value;
  }
  for (const { name, label, example, required, default: fallback } of method.config) {
    if (config[name] !== undefined || ask === undefined) continue;
    const hint = fallback ?? `for example ${example}`;
    const value = await ask(`${label} (${hint})${required ? "" : " (optional)"}: `, {
      hidden: false,
    });
    if (value !== "") config[name] = value;
  }
  return { ...given, fields, config };
}
