import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy, { type MiddlewareObj } from "@middy/core";
import type { FunctionDefinition, Ports } from "#shared/function";
import {
  answerFailure,
  bindHttp,
  bindMessages,
  bindTicks,
  type FunctionPrices,
  type InvocationMeta,
} from "#shared/host";
import type { Context } from "aws-lambda";
import { awsHttpCodec, isAwsHttpEvent, notHttpEvent } from "./codecs/http.ts";
import { awsQueueCodec } from "./codecs/queue.ts";
import { awsScheduleCodec } from "./codecs/schedule.ts";
import type { AwsTelemetry } from "./drivers/telemetry.ts";
import { tariff } from "./tariff.ts";

const prices: FunctionPrices = { ...tariff, loadOperations: () => import("./operations.ts") };

/** What Lambda calls: `exports.handler`. */
export type AwsHandler = (event: unknown, context: Context) => Promise<unknown>;

/** How events of one kind of trigger are answered. An entry names its own, so that a bundle holds no other. */
export type AwsAnswerer = (
  definition: FunctionDefinition,
  ports: Ports,
) => (event: unknown, meta: InvocationMeta) => Promise<unknown>;

/**
 * A definition as a Lambda handler, under middy with Powertools' logger and metrics, and its tracer where
 * X-Ray is on. Called once per function by its generated entry.
 */
export async function awsEntry(
  definition: FunctionDefinition,
  ports: Ports,
  telemetry: AwsTelemetry,
  answerer: AwsAnswerer,
): Promise<AwsHandler> {
  const answer = answerer(definition, ports);
  const lambda = (event: unknown, context: Context): Promise<unknown> =>
    answer(event, {
      id: context.awsRequestId,
      remainingMs: () => context.getRemainingTimeInMillis(),
    });
  // The pipeline races the handler with its deadline itself; a second timer would only cost.
  const handler = middy(lambda, { timeoutEarlyInMillis: 0 })
    .use(injectLambdaContext(telemetry.logger))
    .use(publishMetrics(telemetry));
  // The X-Ray SDK is as large as everything else together, so only a traced function pays for it.
  if (process.env["AWS_XRAY_DAEMON_ADDRESS"] !== undefined) {
    const { captureHandler } = await import("./tracing.ts");
    handler.use(captureHandler());
  }
  return (event, context) => Promise.resolve(handler(event, context));
}

/** Powertools' own middleware also publishes, and warns, for an invocation that recorded no metric. */
function publishMetrics({ metrics }: AwsTelemetry): MiddlewareObj<unknown, unknown> {
  const publish = (): void => {
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  };
  return { after: publish, onError: publish };
}

/** For functions whose trigger is HTTP. */
export const awsHttp: AwsAnswerer = (definition, ports) => {
  const serve = bindHttp(definition, ports, "aws", prices);
  return async (event, meta) => {
    try {
      if (!isAwsHttpEvent(event)) throw notHttpEvent();
      return awsHttpCodec.encode(await serve(awsHttpCodec.decode(event), meta));
    } catch (thrown) {
      const failed = { id: meta.id, function: definition.name, runtime: "aws" };
      return awsHttpCodec.encode(answerFailure(thrown, failed, ports));
    }
  };
};

/** For functions that take messages, from SQS. */
export const awsMessages: AwsAnswerer = (definition, ports) => {
  const serve = bindMessages(definition, ports, "aws", prices);
  return async (event, meta) =>
    awsQueueCodec.encode(await serve(awsQueueCodec.decode(event), meta));
};

/** For scheduled functions. */
export const awsTicks: AwsAnswerer = (definition, ports) => {
  const serve = bindTicks(definition, ports, "aws", prices);
  return async (event, meta) => {
    await serve(awsScheduleCodec.decode(event), meta);
  };
};

/** For any of them; the kind is seen when the function starts. */
export const awsAny: AwsAnswerer = (definition, ports) => {
  const { kind } = definition.trigger;
  if (kind === "http") return awsHttp(definition, ports);
  return (kind === "schedule" ? awsTicks : awsMessages)(definition, ports);
};
