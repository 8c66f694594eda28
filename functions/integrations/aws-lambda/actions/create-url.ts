import { path } from "#shared/integration";
import * as z from "zod";
import { alias, functionName, lambdaAction, uniqueName } from "../client.ts";

const names = z.array(z.string().min(1).max(1_024)).max(100);

/** Who may ask from where in a browser; API Gateway and function URLs read the same. */
export const cors = z.object({
  allowOrigins: z.array(z.string().min(1).max(253)).max(100).optional(),
  allowMethods: z
    .array(z.string().regex(/^(?:[A-Z]{1,6}|OPTIONS|\*)$/))
    .max(7)
    .optional(),
  allowHeaders: names.optional(),
  exposeHeaders: names.optional(),
  allowCredentials: z.boolean().optional(),
  maxAge: z.int().min(0).max(86_400).optional(),
});

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunctionUrlConfig.html */
export const urlSettings = {
  /** `NONE` is open to everybody who a permission lets in: add-permission. */
  auth: z.enum(["AWS_IAM", "NONE"]).optional(),
  stream: z.boolean().optional(),
  cors: cors.optional(),
};

export const FunctionUrl = z.object({
  url: z.string(),
  functionArn: z.string(),
  auth: z.string(),
  stream: z.boolean(),
});

export const createUrl = lambdaAction("CreateFunctionUrlConfig", {
  summary: "Give a function, or an alias of it, a URL of its own",
  effect: "write",
  idempotency: uniqueName,
  input: z.object({
    functionName,
    alias: alias.optional(),
    ...urlSettings,
    auth: urlSettings.auth.unwrap(),
  }),
  output: FunctionUrl,
  call: ({ functionName: name, alias: of, ...settings }, { urlMembers }) => ({
    method: "POST",
    path: path`/2021-10-31/functions/${name}/url`,
    query: { Qualifier: of },
    json: urlMembers(settings),
  }),
  answer: ({ UrlAnswer }) => UrlAnswer,
});
