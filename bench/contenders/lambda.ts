import { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import awsLambdaFastify from "@fastify/aws-lambda";
import middy from "@middy/core";
import httpRouter from "@middy/http-router";
import type { Context } from "aws-lambda";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
import serverless from "serverless-http";
import { bracesRoute, colonRoute, Input, priceOrder } from "../task.ts";

/** A Lambda function as its runtime calls it. */
export type Lambda = (event: LambdaEvent, context: Context) => Promise<unknown>;

export type LambdaEvent = {
  rawPath: string;
  body: string;
  pathParameters?: Record<string, string>;
  requestContext: { http: { method: string; path: string } };
};

const route = /^\/v1\/orders\/([^/]+)\/price$/;

/** What one writes without any framework: an expression for the route, the schema, the answer. */
export const bare: Lambda = async (event) => {
  const [, id] = route.exec(event.rawPath) ?? [];
  if (event.requestContext.http.method !== "POST" || id === undefined) return { statusCode: 404 };
  return json(priceOrder(Input.parse({ ...JSON.parse(event.body), id: decodeURIComponent(id) })));
};

async function routed(event: LambdaEvent) {
  return json(priceOrder(Input.parse({ ...JSON.parse(event.body), ...event.pathParameters })));
}

export function json(value: unknown) {
  return {
    statusCode: 200,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(value),
  };
}

/** middy with its router: the fastest of the frameworks. */
export function withMiddy(): Lambda {
  const routes = [{ method: "POST" as const, path: bracesRoute, handler: routed as never }];
  return middy().handler(httpRouter(routes) as never) as unknown as Lambda;
}

/** The bare handler under middy with Powertools' logger and metrics, as their documentation sets them up. */
export function withPowertools(): Lambda {
  const { logger, metrics } = powertools();
  return middy(bare as never)
    .use(injectLambdaContext(logger))
    .use(logMetrics(metrics)) as unknown as Lambda;
}

/** The same, tuned as our entry is: no timer of middy's, and metrics published only when there are any. */
export function withTunedPowertools(): Lambda {
  const { logger, metrics } = powertools();
  const publish = (): void => {
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  };
  return middy(bare as never, { timeoutEarlyInMillis: 0 })
    .use(injectLambdaContext(logger))
    .use({ after: publish, onError: publish }) as unknown as Lambda;
}

function powertools(): { logger: Logger; metrics: Metrics } {
  const nothing = (): void => undefined;
  // Powertools warns of each call that records no metric; writing that out is not what is measured here.
  const quiet = { debug: nothing, info: nothing, warn: nothing, error: nothing };
  const logger = new Logger({ serviceName: "bench" });
  return {
    logger,
    metrics: new Metrics({ namespace: "bench", serviceName: "bench", logger: quiet }),
  };
}

export function withHono(): Lambda {
  const app = new Hono();
  app.post(colonRoute, async (c) =>
    c.json(priceOrder(Input.parse({ ...(await c.req.json()), id: c.req.param("id") }))),
  );
  return handle(app) as unknown as Lambda;
}

export function withExpress(): Lambda {
  const app = express();
  app.use(express.json());
  app.post(colonRoute, (request, response) => {
    response.json(priceOrder(Input.parse({ ...request.body, id: request.params["id"] })));
  });
  return serverless(app) as unknown as Lambda;
}

export function withFastify(): Lambda {
  const app = fastify();
  app.post(colonRoute, async (request) =>
    priceOrder(Input.parse({ ...(request.body as object), ...(request.params as object) })),
  );
  return awsLambdaFastify(app) as unknown as Lambda;
}
