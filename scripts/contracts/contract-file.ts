import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Contract } from "#shared/contracts";
import { INTEGRATIONS } from "./recorded-exchanges.ts";

/** Where an integration's contract lies. */
export function contractPath(root: string, id: string): string {
  return join(root, INTEGRATIONS, id, "contract.json");
}

/** The committed contract, or `undefined`. Throws for one that is malformed. */
export function readContract(root: string, id: string): Contract | undefined {
  const file = contractPath(root, id);
  return existsSync(file) ? Contract.parse(JSON.parse(readFileSync(file, "utf8"))) : undefined;
}

/** A contract as it is committed: one operation, parameter or definition a line, so that a change shows where it is. */
export function renderContract({ sources, exceptions, operations, $defs }: Contract): string {
  const lines = [
    `"sources": ${object(sources)}`,
    `"exceptions": ${list(exceptions)}`,
    `"operations": [${operations.map((one) => `\n    ${renderOperation(one)}`).join(",")}\n  ]`,
    `"$defs": ${object($defs)}`,
  ];
  return `{\n${lines.map((line) => `  ${line}`).join(",\n")}\n}\n`;
}

function renderOperation({
  parameters,
  responses,
  body,
  ...rest
}: Contract["operations"][number]): string {
  const head = JSON.stringify(rest).slice(0, -1);
  const lines = [
    `"parameters": [${parameters.map((one) => `\n        ${JSON.stringify(one)}`).join(",")}]`,
    ...(body === undefined ? [] : [`"body": ${JSON.stringify(body)}`]),
    `"responses": ${JSON.stringify(responses)}`,
  ];
  return `${head},\n${lines.map((line) => `      ${line}`).join(",\n")}}`;
}

function object(record: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(record);
  if (entries.length === 0) return "{}";
  const lines = entries.map(
    ([name, one]) => `\n    ${JSON.stringify(name)}: ${JSON.stringify(one)}`,
  );
  return `{${lines.join(",")}\n  }`;
}

function list(items: readonly unknown[]): string {
  if (items.length === 0) return "[]";
  return `[${items.map((one) => `\n    ${JSON.stringify(one)}`).join(",")}\n  ]`;
}
