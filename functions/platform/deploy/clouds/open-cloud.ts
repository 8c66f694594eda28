import type { Clients } from "#shared/function";
import type { Deployment } from "../deployment.ts";
import { azureActions, azureCloud } from "./azure.ts";
import type { Cloud } from "./cloud.ts";
import { cloudRunActions, cloudRunCloud } from "./cloud-run.ts";
import { lambdaActions, lambdaCloud } from "./lambda.ts";

export const cloudActions = { ...lambdaActions, ...azureActions, ...cloudRunActions };

/** The cloud that a deployment is for. */
export function openCloud(ctx: Clients<typeof cloudActions>, row: Deployment): Cloud {
  const { target } = row.pipeline;
  switch (target.cloud) {
    case "aws-lambda":
      return lambdaCloud(ctx, row, target);
    case "azure-functions":
      return azureCloud(ctx, row, target);
    case "cloud-functions":
      return cloudRunCloud(ctx, row, target);
  }
}
