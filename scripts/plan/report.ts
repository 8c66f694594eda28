import type { FunctionCost, PermissionChange } from "#shared/plan";
import type { CloudPlan, Plan } from "./plan.ts";

/** Lines of one list that are shown; `--json` has them all. */
const LONGEST_LIST = 20;

/** A plan as a person reads it. */
export function reportOf({ stage, since, clouds }: Plan): string {
  const title = `plan for ${stage}, ${since === undefined ? "which was never deployed" : `since ${since}`}`;
  return `${[title, ...clouds.map(cloudReport)].join("\n\n")}\n`;
}

function cloudReport({ target, resources, permissions, cost, differences }: CloudPlan): string {
  const { added, changed, removed } = resources;
  const { widened, narrowed } = permissions;
  return [
    target,
    `  resources    ${added.length} added, ${changed.length} changed, ${removed.length} removed`,
    ...short([
      ...removed.map((name) => `    - ${name}`),
      ...changed.flatMap(({ resource, arguments: differing }) =>
        differing.map(
          ({ name, from, to }) =>
            `    ~ ${resource} ${name}: ${from ?? "(unset)"} -> ${to ?? "(unset)"}`,
        ),
      ),
      ...added.map((name) => `    + ${name}`),
    ]),
    `  permissions  ${widened.length} widened, ${narrowed.length} narrowed`,
    ...short([
      ...widened.map((change) => `    + ${permission(change)}`),
      ...narrowed.map((change) => `    - ${permission(change)}`),
    ]),
    `  cost/month   ${usd(cost.usd)} after free grants (${usd(cost.listUsd)} list): ${cost.plan}`,
    ...cost.functions.map((each) => `    ${functionCost(each)}`),
    `  differences  ${differences.length}`,
    ...differences.flatMap(({ text, concerns, source }) => [
      `    ${text}`,
      `      ${concerns.join(", ")} (${source})`,
    ]),
  ].join("\n");
}

function permission({ function: name, resource, actions }: PermissionChange): string {
  return `${name}: ${actions.map(lastParts).join(", ")} on ${ownPart(resource)}`;
}

/** `items/read` of a data action of Azure, which names its provider in full. */
function lastParts(action: string): string {
  return action.startsWith("Microsoft.") ? action.split("/").slice(-2).join("/") : action;
}

/** Of an ARN in our own account and region: what is behind them. */
function ownPart(resource: string): string {
  return resource.replace(
    /^arn:\$\{AWS::Partition\}:|\$\{AWS::Region\}:\$\{AWS::AccountId\}:/g,
    "",
  );
}

function functionCost({
  name,
  calls,
  durationMs,
  memoryMb,
  usd: bill,
  listUsd,
}: FunctionCost): string {
  const load = `${calls.toLocaleString("en-US")} calls of ${durationMs} ms at ${memoryMb} MB`;
  return `${name.padEnd(28)} ${usd(bill).padStart(9)} (${usd(listUsd)} list)  ${load}`;
}

function usd(amount: number): string {
  return `$${amount.toFixed(2)}`;
}

function short(lines: readonly string[]): readonly string[] {
  if (lines.length <= LONGEST_LIST) return lines;
  return [
    ...lines.slice(0, LONGEST_LIST),
    `    … and ${lines.length - LONGEST_LIST} more (--json)`,
  ];
}
