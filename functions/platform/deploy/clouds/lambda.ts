import type { Clients } from "#shared/function";
import { type Deployment, keyOf } from "../deployment.ts";
import type { LambdaTarget } from "../pipeline.ts";
import type { lambdaActions } from "./lambda-actions.ts";
import { type Cloud, done, failed, foundBy, NOTHING_FOUND } from "./cloud.ts";

/** A release as a version behind an alias (https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html). */
export function lambdaCloud(
  ctx: Clients<typeof lambdaActions>,
  row: Deployment,
  { functionName, alias, healthPayload }: LambdaTarget,
): Cloud {
  const found = foundBy(row);
  const route = async (to: string, weight: number) => {
    const input = { functionName, alias, to, weight };
    await ctx.lambdaShift(input, { idempotencyKey: keyOf(row, "shift-alias") });
    return done;
  };
  return {
    async prepare() {
      const { version: stable, canary } = await ctx.lambdaAlias({ functionName, alias });
      if (canary !== null) return failed(`${alias} is between two versions; settle that first`);
      const candidate = await versionOf(ctx, functionName, row.facts.digest ?? "");
      if (candidate === undefined) return failed("no version of the function is of that image");
      if (candidate === stable) return failed(`${alias} is at version ${stable} already`);
      return { kind: "done", facts: { stable, candidate } };
    },
    shift: async (percent) =>
      found === undefined ? failed(NOTHING_FOUND) : route(found.candidate, percent / 100),
    // All of it to the stable version: that takes the other one away wherever it was.
    rollback: async () => (found === undefined ? failed(NOTHING_FOUND) : route(found.stable, 1)),
    async probe() {
      const qualifier = found?.candidate ?? "";
      const { error } = await ctx.lambdaInvoke({ functionName, qualifier, payload: healthPayload });
      return { healthy: error === null, reason: `version ${qualifier} ended with ${error}` };
    },
  };
}

const MAX_PAGES = 40;

/**
 * The newest version whose code is the image: for an image `CodeSha256` is its digest
 * (https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html), which a copy to ECR keeps.
 */
async function versionOf(
  ctx: Clients<typeof lambdaActions>,
  functionName: string,
  digest: string,
): Promise<string | undefined> {
  const hex = digest.replace(/^sha256:/, "");
  let newest: string | undefined;
  let from: string | undefined;
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const { items, next } = await ctx.lambdaVersions({ functionName, ...(from && { from }) });
    for (const { version, codeSha256 } of items) {
      if (codeSha256 !== hex || version === "$LATEST") continue;
      if (Number(version) > Number(newest ?? 0)) newest = version;
    }
    if (next === null) return newest;
    from = next;
  }
  return newest;
}
