import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** As `defineIntegration` wants it; the deployable's name, `integration-<id>`, ends at 40 characters. */
const ID = /^(?=.{2,28}$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/**
 * Makes a new integration out of the live template, in one folder and nowhere else. Gives the folder, relative to
 * `root`. Throws for an id that is none or is taken; a folder is never overwritten.
 */
export function createIntegration(root: string, id: string): string {
  if (!ID.test(id) || id === "template") {
    throw new Error(`"${id}" is no id for an integration; use kebab-case of 2 to 28 characters`);
  }
  const folder = join("functions/integrations", id);
  const target = join(root, folder);
  if (existsSync(target)) throw new Error(`${folder} exists already; choose another id`);
  try {
    cpSync(join(root, "functions/integrations/_template"), target, { recursive: true });
    for (const file of filesIn(target)) rename(file, id);
  } catch (error) {
    rmSync(target, { recursive: true, force: true });
    throw error;
  }
  return folder;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function rename(file: string, id: string): void {
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replaceAll("Template", titleOf(id)).replaceAll("template", id));
}

function titleOf(id: string): string {
  return id
    .split("-")
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join(" ");
}

const USAGE = "usage: npm run new integration <id>\n";

function nextSteps(folder: string, id: string): string {
  return `
${folder} is made. It already works: tested, in the catalogue, answered by its own sandbox.

next
  1. ${folder}/index.ts        the vendor's address, credentials, limits and webhook signature
  2. ${folder}/actions/        one file per action, named like it: verb-noun.ts
  3. ${folder}/fixtures/       what each action says and hears, trimmed; events.json for webhooks
  4. npm run contracts -- <the vendor's OpenAPI description> ${id}
  5. npm test -- functions/integrations
  6. npm start, then
     curl -X POST -H "authorization: Bearer $TOKEN" localhost:4400/v1/integrations/${id}/actions/get-account

Nothing else needs to be edited.
`;
}

/** The command line of `npm run new`; gives the exit code. */
export function main(args: readonly string[], root: string): number {
  const [kind, id, ...more] = args;
  if (kind !== "integration" || id === undefined || more.length > 0) {
    process.stderr.write(USAGE);
    return 2;
  }
  try {
    process.stdout.write(nextSteps(createIntegration(root, id), id));
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

if (import.meta.main) {
  process.exitCode = main(process.argv.slice(2), fileURLToPath(new URL("../", import.meta.url)));
}
