import { defineIntegration } from "#shared/integration";
import * as z from "zod";
import { addPermission } from "./actions/add-permission.ts";
import { awaitFunction } from "./actions/await-function.ts";
import { createAlias } from "./actions/create-alias.ts";
import { createApi } from "./actions/create-api.ts";
import { createAuthorizer } from "./actions/create-authorizer.ts";
import { createFunction } from "./actions/create-function.ts";
import { createIntegration } from "./actions/create-integration.ts";
import { createRoute } from "./actions/create-route.ts";
import { createSource } from "./actions/create-source.ts";
import { createStage } from "./actions/create-stage.ts";
import { createUrl } from "./actions/create-url.ts";
import { deleteAlias } from "./actions/delete-alias.ts";
import { deleteApi } from "./actions/delete-api.ts";
import { deleteAuthorizer } from "./actions/delete-authorizer.ts";
import { deleteFunction } from "./actions/delete-function.ts";
import { deleteLayer } from "./actions/delete-layer.ts";
import { deleteRoute } from "./actions/delete-route.ts";
import { deleteSource } from "./actions/delete-source.ts";
import { deleteStage } from "./actions/delete-stage.ts";
import { deleteUrl } from "./actions/delete-url.ts";
import { deployStage } from "./actions/deploy-stage.ts";
import { getAccount } from "./actions/get-account.ts";
import { getAlias } from "./actions/get-alias.ts";
import { getConcurrency } from "./actions/get-concurrency.ts";
import { getFunction } from "./actions/get-function.ts";
import { getLayer } from "./actions/get-layer.ts";
import { getSource } from "./actions/get-source.ts";
import { getUrl } from "./actions/get-url.ts";
import { invokeAsync } from "./actions/invoke-async.ts";
import { invokeFunction } from "./actions/invoke-function.ts";
import { invokeStream } from "./actions/invoke-stream.ts";
import { listApis } from "./actions/list-apis.ts";
import { listAuthorizers } from "./actions/list-authorizers.ts";
import { listFunctions } from "./actions/list-functions.ts";
import { listLayers } from "./actions/list-layers.ts";
import { listRoutes } from "./actions/list-routes.ts";
import { listSources } from "./actions/list-sources.ts";
import { listStages } from "./actions/list-stages.ts";
import { listVersions } from "./actions/list-versions.ts";
import { pinRuntime } from "./actions/pin-runtime.ts";
import { provisionConcurrency } from "./actions/provision-concurrency.ts";
import { publishLayer } from "./actions/publish-layer.ts";
import { publishVersion } from "./actions/publish-version.ts";
import { removePermission } from "./actions/remove-permission.ts";
import { reportCost } from "./actions/report-cost.ts";
import { reserveConcurrency } from "./actions/reserve-concurrency.ts";
import { routeFunction } from "./actions/route-function.ts";
import { setRetries } from "./actions/set-retries.ts";
import { shareLayer } from "./actions/share-layer.ts";
import { shiftAlias } from "./actions/shift-alias.ts";
import { updateCode } from "./actions/update-code.ts";
import { updateConfiguration } from "./actions/update-configuration.ts";
import { updateRoute } from "./actions/update-route.ts";
import { updateSource } from "./actions/update-source.ts";
import { updateStage } from "./actions/update-stage.ts";
import { updateUrl } from "./actions/update-url.ts";
import { errorOf } from "./client.ts";
import { events } from "./events.ts";
import { promises } from "./promises.ts";

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
      // Everybody can have SNS sign: the topic is what makes a message ours.
      "topic-arn": { label: "ARN of the topic that events come by", required: false, secret: true },
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
    "add-permission": addPermission,
    "await-function": awaitFunction,
    "create-alias": createAlias,
    "create-api": createApi,
    "create-authorizer": createAuthorizer,
    "create-function": createFunction,
    "create-integration": createIntegration,
    "create-route": createRoute,
    "create-source": createSource,
    "create-stage": createStage,
    "create-url": createUrl,
    "delete-alias": deleteAlias,
    "delete-api": deleteApi,
    "delete-authorizer": deleteAuthorizer,
    "delete-function": deleteFunction,
    "delete-layer": deleteLayer,
    "delete-route": deleteRoute,
    "delete-source": deleteSource,
    "delete-stage": deleteStage,
    "delete-url": deleteUrl,
    "deploy-stage": deployStage,
    "get-account": getAccount,
    "get-alias": getAlias,
    "get-concurrency": getConcurrency,
    "get-function": getFunction,
    "get-layer": getLayer,
    "get-source": getSource,
    "get-url": getUrl,
    "invoke-async": invokeAsync,
    "invoke-function": invokeFunction,
    "invoke-stream": invokeStream,
    "list-apis": listApis,
    "list-authorizers": listAuthorizers,
    "list-functions": listFunctions,
    "list-layers": listLayers,
    "list-routes": listRoutes,
    "list-sources": listSources,
    "list-stages": listStages,
    "list-versions": listVersions,
    "pin-runtime": pinRuntime,
    "provision-concurrency": provisionConcurrency,
    "publish-layer": publishLayer,
    "publish-version": publishVersion,
    "remove-permission": removePermission,
    "report-cost": reportCost,
    "reserve-concurrency": reserveConcurrency,
    "route-function": routeFunction,
    "set-retries": setRetries,
    "share-layer": shareLayer,
    "shift-alias": shiftAlias,
    "update-code": updateCode,
    "update-configuration": updateConfiguration,
    "update-route": updateRoute,
    "update-source": updateSource,
    "update-stage": updateStage,
    "update-url": updateUrl,
  },
  webhooks: {
    docs: "https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html",
    // An hour: for as long a delivery may be repeated, https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
    verify: { kind: "sns", versions: ["1", "2"], toleranceSeconds: 3_600 },
    secretField: "topic-arn",
    handshakes: [
      {
        kind: "subscribe-url",
        when: { field: "Type", equals: "SubscriptionConfirmation" },
        from: { field: "SubscribeURL" },
      },
      { kind: "ping", when: { field: "Type", equals: "UnsubscribeConfirmation" }, status: 200 },
    ],
    deliveryId: { field: "MessageId" },
    nested: ["Message"],
    type: [
      { always: "eventbridge", when: { field: "Message.detail-type" } },
      { always: "s3", when: { field: "Message.Records.0.s3.bucket.name" } },
      { always: "sqs", when: { field: "Message.receiptHandle" } },
      { always: "sqs", when: { field: "Message.0.receiptHandle" } },
      { always: "sns", when: { field: "MessageId" } },
    ],
    events,
  },
  catalog: {
    ...promises,
    setup: [
      "Create an IAM user or role whose policy allows the IAM actions that the actions name, and an access key for it",
      "Enter access key ID, secret access key, for temporary credentials the session token, and the region",
      "For events create an SNS topic, enter its ARN, and subscribe the connection's webhook URL to it by HTTPS, without raw message delivery",
      "Send what should start functions to the topic: rules of EventBridge, notifications of buckets, pipes from queues",
    ],
  },
});
