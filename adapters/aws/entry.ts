import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy, { type MiddlewareObj } from "@middy/core";
import type { FunctionDefinition, Ports } from "#shared/function";
import { answerFailure, bindFunction, type BoundFunction, type InvocationMeta } from "#shared/host";
import type { Context } from "aws-lambda";
import { awsHttpCodec, isAwsHttpEvent, notHttpEvent } from "./codecs/http.ts";
import { awsQueueCodec } from "./codecs/queue.ts";
import { awsScheduleCodec } from "./codecs/schedule.ts";
import type { AwsTelemetry } from "./drivers/telemetry.ts";
import { prices } from "./prices.ts";

/** What Lambda calls: `exports.handler`. */
export type AwsHandler = (event: unknown, context: Context) => Promise<unknown>;

/**
 * A definition as a Lambda handler, under middy with Powertools' logger and metrics, and its tracer where
 * X-Ray is on. Called once per function by its generated entry.
 */
export async function awsEntry(
  definition: FunctionDefinition,
  ports: Ports,
  telemetry: AwsTelemetry,
): Promise<AwsHandler> {
  const answer = answerer(bindFunction(definition, ports, "aws", prices), ports);
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

function answerer(
  bound: BoundFunction,
  ports: Ports,
): (event: unknown, meta: InvocationMeta) => Promise<unknown> {
  switch (bound.definition.trigger.kind) {
    case "http":
      return async (event, meta) => {
        try {
          if (!isAwsHttpEvent(event)) throw notHttpEvent();
          return awsHttpCodec.encode(await bound.http(awsHttpCodec.decode(event), meta));
        } catch (thrown) {
          const failed = { id: meta.id, function: bound.definition.name, runtime: "aws" };
          return awsHttpCodec.encode(answerFailure(thrown, failed, ports));
        }
      };
    case "queue":
    case "topic":
    case "webhook":
      return async (event, meta) => {
        const deliveries = awsQueueCodec.decode(event);
        return awsQueueCodec.encode(await bound.messages(deliveries, meta));
      };
    case "schedule":
      return async (event, meta) => {
        await bound.tick(awsScheduleCodec.decode(event), meta);
      };
  }
}
