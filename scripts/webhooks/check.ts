import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { VendorWebhooks } from "#shared/integration";
import { readRegistry } from "../build/registry.ts";
import { judgeAws } from "./aws-payloads.ts";
import { type Judged, judgeGithub, judgeGoogle, judgeSlack } from "./payloads.ts";
import { judgeVectors } from "./vectors.ts";

const USAGE = `usage: npm run webhooks:check -- <folder>

Holds our event schemas and verifiers to recorded webhooks: <folder>/aws, github, slack and google hold payloads of the
vendors, <folder>/_signatures/vectors.json what they signed. Prints what was read and what was refused; exits 1 if
anything was, or if there was nothing to read.
`;

/** The command line of `npm run webhooks:check`; gives the exit code. */
export async function main(
  args: readonly string[],
  root: string,
  print: (line: string) => void,
): Promise<number> {
  const [folder, ...more] = args;
  if (folder === undefined || more.length > 0) {
    print(USAGE);
    return 2;
  }
  const { integrations } = await readRegistry(root);
  const webhooksOf = (id: string): VendorWebhooks => {
    const webhooks = integrations.find((integration) => integration.id === id)?.webhooks;
    if (webhooks === undefined) throw new Error(`there are no webhooks of ${id}`);
    return webhooks;
  };
  const judged: readonly (readonly [string, readonly Judged[]])[] = [
    ["aws", judgeAws(readJson(join(folder, "aws/lambda-events.json")), webhooksOf("aws-lambda"))],
    ["github", judgeGithub(join(folder, "github"), webhooksOf("github-actions"))],
    ["slack", judgeSlack(join(folder, "slack"), webhooksOf("slack"))],
    ["google", judgeGoogle(join(folder, "google"))],
    ["signatures", await judgeVectors(join(folder, "_signatures/vectors.json"))],
  ];
  return judged.map(([what, found]) => report(what, found, print)).every(Boolean) ? 0 : 1;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8")) as unknown;
}

function report(what: string, found: readonly Judged[], print: (line: string) => void): boolean {
  const refused = found.filter(({ refusal }) => refusal !== undefined);
  print(
    `${what}: ${found.length} read, ${found.length - refused.length} fit, ${refused.length} refused`,
  );
  for (const { name, refusal } of refused) print(`  ${name}: ${refusal}`);
  return found.length > 0 && refused.length === 0;
}

if (import.meta.main) {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  process.exitCode = await main(process.argv.slice(2), root, (line) => {
    process.stdout.write(`${line}\n`);
  });
}
