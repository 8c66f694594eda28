import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ContractCheck, type Violation } from "#shared/contracts";
import { contractPath, readContract, renderContract } from "./contract-file.ts";
import { distil } from "./distil.ts";
import { recordedExchanges } from "./recorded-exchanges.ts";
import { readSource } from "./sources.ts";
import { verifyAll } from "./verify.ts";

const USAGE = `usage:
  npm run contracts -- <description>... <integration>           make functions/integrations/<id>/contract.json
  npm run contracts -- --check <description>... <integration>   exit 1 if the committed one differs
  npm run contracts -- verify <folder> [integration]...         hold all fixtures to the whole descriptions

A description is OpenAPI 3, Swagger 2, Google Discovery, Smithy JSON or Slack's methods, in JSON or YAML, below an
INDEX.json that tells its source and licence. With several, an operation is taken from the first that has it.
Exceptions are written by hand into contract.json, with a reason, and are kept:
  { "method": "GET", "path": "/v1/things/{id}", "at": "response /state", "reason": "documented since May, see <page>" }
`;

/** The command line of `npm run contracts`; gives the exit code. */
export async function main(args: readonly string[], root: string): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { check: { type: "boolean" }, help: { type: "boolean" } },
  });
  const [first, second, ...more] = positionals;
  if (values.help === true || first === undefined || second === undefined) {
    (values.help === true ? process.stdout : process.stderr).write(USAGE);
    return values.help === true ? 0 : 2;
  }
  if (first === "verify") return verifyAll(root, second, more);
  return make(root, positionals.slice(0, -1), positionals.at(-1) ?? "", values.check === true);
}

async function make(
  root: string,
  files: readonly string[],
  id: string,
  isCheck: boolean,
): Promise<number> {
  const committed = readContract(root, id);
  const exchanges = await recordedExchanges(root, id);
  const contract = distil(files.map(readSource), exchanges, committed?.exceptions ?? []);
  const text = renderContract(contract);
  if (isCheck) {
    const isSame = committed !== undefined && renderContract(committed) === text;
    process.stdout.write(
      `${id}: contract.json ${isSame ? "is current" : "differs; make it anew"}\n`,
    );
    return isSame ? 0 : 1;
  }
  writeFileSync(contractPath(root, id), text);
  const definitions = new Map(Object.entries(contract.$defs));
  const check = new ContractCheck({ ...contract, definitions }, contract.exceptions);
  const violations = exchanges.flatMap(({ request, response }) =>
    check.exchange(request, response),
  );
  process.stdout.write(
    `${id}: ${contract.operations.length} operations, ${Math.ceil(text.length / 1024)} KB, ${violations.length} violations\n${violations.map(renderViolation).join("")}`,
  );
  return violations.length === 0 ? 0 : 1;
}

/** One violation in one line. */
export function renderViolation({ method, path, at, message }: Violation): string {
  return `  ${method} ${path}: ${at === "" ? "" : `${at} `}${message}\n`;
}

if (import.meta.main) {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  process.exitCode = await main(process.argv.slice(2), root);
}
