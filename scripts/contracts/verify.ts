import { join } from "node:path";
import { ContractCheck, type Violation } from "#shared/contracts";
import { contractPath, readContract, renderContract } from "./contract-file.ts";
import { type DescribedSource, distil, findUsed } from "./distil.ts";
import { integrationFolders, recordedExchanges } from "./recorded-exchanges.ts";
import { renderViolation } from "./run.ts";
import { readSource } from "./sources.ts";

/**
 * Holds what every integration with a contract says and hears to the whole descriptions below a folder, and its contract
 * to what would be distilled from them now. Prints a line for each; gives 0 only if nothing is wrong with any.
 */
export async function verifyAll(
  root: string,
  folder: string,
  only: readonly string[],
): Promise<number> {
  const ids = only.length === 0 ? integrationFolders(root) : only;
  const sources = new Map<string, DescribedSource>();
  const source = (file: string): DescribedSource => {
    const known = sources.get(file) ?? readSource(join(folder, file));
    sources.set(file, known);
    return known;
  };
  let failed = 0;
  for (const id of ids) failed += await verifyOne(root, id, source);
  process.stdout.write(failed === 0 ? "no violations\n" : `${failed} integrations do not hold\n`);
  return failed === 0 ? 0 : 1;
}

async function verifyOne(
  root: string,
  id: string,
  source: (file: string) => DescribedSource,
): Promise<0 | 1> {
  const contract = readContract(root, id);
  if (contract === undefined) {
    process.stdout.write(`${id}: no ${contractPath("", id)}\n`);
    return 1;
  }
  const exchanges = await recordedExchanges(root, id);
  const described = Object.keys(contract.sources).map(source);
  const used = findUsed(
    described,
    exchanges.map(({ request }) => request),
  );
  const check = new ContractCheck(used, contract.exceptions);
  const violations = exchanges.flatMap(({ request, response }) =>
    check.exchange(request, response),
  );
  const isCurrent =
    renderContract(distil(described, exchanges, contract.exceptions)) === renderContract(contract);
  const idle = check.idleExceptions();
  process.stdout.write(summary(id, check, violations));
  if (!isCurrent) process.stdout.write("  contract.json differs; make it anew\n");
  for (const { method, path, at } of idle) {
    process.stdout.write(`  exception excuses nothing: ${method} ${path} ${at}\n`);
  }
  return violations.length === 0 && isCurrent && idle.length === 0 ? 0 : 1;
}

function summary(id: string, check: ContractCheck, violations: readonly Violation[]): string {
  const { operations, requests, responses, excused } = check.counts;
  return `${id}: ${operations} operations, ${requests} requests, ${responses} responses validated, ${violations.length} violations, ${excused} excepted\n${violations.map(renderViolation).join("")}`;
}
