import { randomUUID } from "node:crypto";
import type { Context } from "aws-lambda";
import type { Contender } from "../measure.ts";
import { body, checkAnswer, headers, path } from "../task.ts";
import type { Lambda, LambdaEvent } from "./lambda.ts";

export type Call = { readonly event: LambdaEvent; readonly context: Context };

/** The Lambdas as contenders, each of which has just given the one right answer. */
export async function checked(lambdas: [string, Lambda][]): Promise<Contender<Call>[]> {
  for (const [name, lambda] of lambdas) {
    const { event, context } = freshCall();
    const result = (await lambda(event, context)) as {
      statusCode: number;
      headers: Record<string, string>;
      body: string;
    };
    const { "content-type": type = "" } = result.headers;
    checkAnswer(name, { status: result.statusCode, type, body: result.body });
  }
  return lambdas.map(([name, lambda]) => ({
    name,
    run: ({ event, context }) => lambda(event, context),
  }));
}

const eventJson = JSON.stringify({
  version: "2.0",
  routeKey: "$default",
  rawPath: path,
  rawQueryString: "",
  headers,
  requestContext: {
    accountId: "123456789012",
    apiId: "abcdefghij",
    domainName: "orders.example.com",
    domainPrefix: "orders",
    http: {
      method: "POST",
      path,
      protocol: "HTTP/1.1",
      sourceIp: "203.0.113.7",
      userAgent: headers["user-agent"],
    },
    requestId: "JKJaXmPLvHcESHA=",
    routeKey: "$default",
    stage: "$default",
    time: "21/Nov/2026:06:00:00 +0000",
    timeEpoch: 1_795_240_800_000,
  },
  body,
  isBase64Encoded: false,
});

/** As the runtime client makes it: the event parsed from JSON, the context with a deadline. */
export function freshCall(): Call {
  const deadlineMs = Date.now() + 30_000;
  return {
    event: JSON.parse(eventJson) as LambdaEvent,
    context: {
      awsRequestId: randomUUID(),
      callbackWaitsForEmptyEventLoop: true,
      functionName: "price-order",
      functionVersion: "$LATEST",
      invokedFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:price-order",
      logGroupName: "/aws/lambda/price-order",
      logStreamName: "2026/11/21/[$LATEST]0123456789abcdef",
      memoryLimitInMB: "256",
      getRemainingTimeInMillis: () => deadlineMs - Date.now(),
      done: unused,
      fail: unused,
      succeed: unused,
    },
  };
}

function unused(): never {
  throw new Error("callbacks are not part of this runtime");
}
