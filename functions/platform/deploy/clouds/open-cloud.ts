import type { Clients } from "#shared/function";
import type { Deployment } from "../deployment.ts";
import { azureActions } from "./azure-actions.ts";
import type { Cloud } from "./cloud.ts";
import { cloudRunActions } from "./cloud-run-actions.ts";
import { lambdaActions } from "./lambda-actions.ts";

export const cloudActions = { ...lambdaActions, ...azureActions, ...cloudRunActions };

/** The cloud that a deployment is for. */
export async function openCloud(
  ctx: Clients<typeof cloudActions>,
  row: Deployment,
): Promise<Cloud> {
  const { target } = row.pipeline;
  switch (target.cloud) {
    case "aws-lambda":
      return (await import("./lambda.ts")).lambdaCloud(ctx, row, target);
    case "azure-functions":
      return (await import("./azure.ts")).azureCloud(ctx, row, target);
    case "cloud-functions":
      return (await import("./cloud-run.ts")).cloudRunCloud(ctx, row, target);
  }
}
