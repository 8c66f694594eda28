import { randomBytes } from "node:crypto";
import { MASTER_KEY, renderMasterKey } from "#shared/connections";
import { setSecret } from "./edit-secrets.ts";
import { readSecrets } from "./secret-file.ts";

/** Makes the master key of a data folder that has none. */
export function makeMasterKey(folder: string): void {
  if (linesOf(folder).length === 0) addMasterKey(folder);
}

/** Puts a new master key before the others of a data folder and gives its id. */
export function addMasterKey(folder: string): string {
  const lines = linesOf(folder);
  const id = `m-${randomBytes(4).toString("hex")}`;
  setSecret(folder, MASTER_KEY, [renderMasterKey(id, randomBytes(32)), ...lines].join("\n"));
  return id;
}

function linesOf(folder: string): readonly string[] {
  const stored = readSecrets(folder).find(({ sealed }) => sealed.name === MASTER_KEY);
  return stored?.value.split("\n").filter((line) => line !== "") ?? [];
}
