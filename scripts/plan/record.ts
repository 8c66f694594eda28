import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DeploymentRecord } from "#shared/plan";
import type { DeployedCloud } from "./deployed-cloud.ts";

/** Where a stage's record is kept, below the repository's root. */
export function recordFile(root: string, stage: string): string {
  return join(root, "infra/deployed", `${stage}.json`);
}

/** The last recorded deployment, if there is one. Throws for a file that is none. */
export function readRecord(file: string): DeploymentRecord | undefined {
  if (!existsSync(file)) return undefined;
  const record = DeploymentRecord.safeParse(JSON.parse(readFileSync(file, "utf8")));
  if (record.success) return record.data;
  const where = record.error.issues[0]?.path.join(".") || "top";
  throw new Error(`${file}: is no record of a deployment at ${where}; restore it from its history`);
}

/** Writes down what was deployed just now. */
export function writeRecord(
  file: string,
  clouds: readonly DeployedCloud[],
  about: Omit<DeploymentRecord, "version" | "clouds">,
): void {
  const record: DeploymentRecord = {
    version: 1,
    ...about,
    clouds: Object.fromEntries(clouds.map(({ target, state }) => [target, state])),
  };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`);
}
