import { defineIntegration } from "#shared/integration";
import * as z from "zod";
import { awaitFunction } from "./actions/await-function.ts";
import { createAlias } from "./actions/create-alias.ts";
import { createFunction } from "./actions/create-function.ts";
import { deleteAlias } from "./actions/delete-alias.ts";
import { deleteFunction } from "./actions/delete-function.ts";
import { getAccount } from "./actions/get-account.ts";
import { getAlias } from "./actions/get-alias.ts";
import { getFunction } from "./actions/get-function.ts";
import { invokeAsync } from "./actions/invoke-async.ts";
import { invokeFunction } from "./actions/invoke-function.ts";
import { invokeStream } from "./actions/invoke-stream.ts";
import { listFunctions } from "./actions/list-functions.ts";
import { listVersions } from "./actions/list-versions.ts";
import { publishVersion } from "./actions/publish-version.ts";
import { shiftAlias } from "./actions/shift-alias.ts";
import { updateCode } from "./actions/update-code.ts";
import { updateConfiguration } from "./actions/update-configuration.ts";
import { errorOf } from "./client.ts";

const secret = { required: true, secret: true } as const;
const lambdaQuotas = "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html";
const gatewayQuotas =
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html";

export default defineIntegration({
  id: "aws-lambda",
  title: "AWS Lambda and API Gateway",
  summary:
    "Functions, versions, layers, event sources and HTTP APIs of an AWS account, and its events",
  category: "compute",
  docs: "https://docs.aws.amazon.com/lambda/latest/api/welcome.html",
  auth: {
    kind: "aws-sigv4",
    service: "lambda",
    fields: {
      "access-key-id": { label: "Access key ID", ...secret },
      "secret-access-key": { label: "Secret access key", ...secret },
      "session-token": { label: "Session token", required: false, secret: true },
    },
    config: {
      region: {
        label: "Region",
        // A label of a host name and nothing else: https://docs.aws.amazon.com/general/latest/gr/lambda-service.html
        schema: z.string().regex(/^[a-z]{2}(?:-[a-z]+){1,2}-\d$/),
        example: "eu-west-1",
      },
    },
  },
  http: {
    baseUrl: "https://lambda.{region}.amazonaws.com",
    hosts: {
      gateway: { baseUrl: "https://apigateway.{region}.amazonaws.com", service: "apigateway" },
      metrics: { baseUrl: "https://monitoring.{region}.amazonaws.com", service: "monitoring" },
    },
    timeoutSeconds: 20,
    errorOf,
  },
  limits: [
    {
      scope: "control plane of Lambda, per account and region",
      requests: 15,
      perSeconds: 1,
      docs: lambdaQuotas,
    },
    {
      scope: "GetFunction, per account and region",
      requests: 100,
      perSeconds: 1,
      docs: lambdaQuotas,
    },
    {
      scope: "API Gateway management, per account",
      requests: 10,
      perSeconds: 1,
      docs: gatewayQuotas,
    },
  ],
  health: "get-account",
  actions: {
    "await-function": awaitFunction,
    "create-alias": createAlias,
    "create-function": createFunction,
    "delete-alias": deleteAlias,
    "delete-function": deleteFunction,
    "get-account": getAccount,
    "get-alias": getAlias,
    "get-function": getFunction,
    "invoke-async": invokeAsync,
    "invoke-function": invokeFunction,
    "invoke-stream": invokeStream,
    "list-functions": listFunctions,
    "list-versions": listVersions,
    "publish-version": publishVersion,
    "shift-alias": shiftAlias,
    "update-code": updateCode,
    "update-configuration": updateConfiguration,
  },
  catalog: {
    does: [
      {
        line: "create, update, publish, alias-shift, invoke (sync, async, stream), delete functions",
        actions: [
          "create-function",
          "await-function",
          "get-function",
          "list-functions",
          "update-code",
          "update-configuration",
          "publish-version",
          "list-versions",
          "create-alias",
          "get-alias",
          "shift-alias",
          "delete-alias",
          "invoke-function",
          "invoke-async",
          "invoke-stream",
          "delete-function",
        ],
      },
    ],
    setup: [],
  },
});
