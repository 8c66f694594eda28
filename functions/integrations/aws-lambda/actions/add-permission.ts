import { path } from "#shared/integration";
import * as z from "zod";
import { arn, functionName, lambdaAction, qualifier, uniqueName } from "../client.ts";

export const statementId = z.string().regex(/^[\w-]{1,100}$/);

/** https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html */
export const addPermission = lambdaAction("AddPermission", {
  summary:
    "Let a service, an account or everybody invoke a function: S3, SNS, EventBridge, a gateway",
  effect: "write",
  idempotency: uniqueName,
  input: z.object({
    functionName,
    qualifier: qualifier.optional(),
    statementId,
    action: z.enum(["lambda:InvokeFunction", "lambda:InvokeFunctionUrl"]),
    /** `s3.amazonaws.com`, `sns.amazonaws.com`, `events.amazonaws.com`, `apigateway.amazonaws.com`, an account, `*`. */
    principal: z.string().regex(/^(?:[a-z0-9.-]+\.amazonaws\.com|\d{12}|arn:aws\S+|\*)$/),
    /** Whose events may come: without it, those of every account's bucket, topic or rule. */
    sourceArn: arn.optional(),
    sourceAccount: z
      .string()
      .regex(/^\d{12}$/)
      .optional(),
    /** Must be said for `lambda:InvokeFunctionUrl`. */
    functionUrlAuthType: z.enum(["AWS_IAM", "NONE"]).optional(),
    /**
     * Who calls the URL needs `lambda:InvokeFunction` as well, which this holds to the URL:
     * https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
     */
    invokedViaFunctionUrl: z.boolean().optional(),
  }),
  output: z.object({ statement: z.string() }),
  call: ({ functionName: name, qualifier: of, ...given }, { pascal }) => ({
    method: "POST",
    path: path`/2015-03-31/functions/${name}/policy`,
    query: { Qualifier: of },
    json: pascal(given),
  }),
  answer: () =>
    z.object({ Statement: z.string() }).transform((given) => ({ statement: given.Statement })),
});
