import type { Context } from "aws-lambda";

/** The context of an invocation that has 30 seconds, as Lambda's runtime makes it. */
export function lambdaContext(awsRequestId: string): Context {
  const endMs = Date.now() + 30_000;
  return {
    awsRequestId,
    functionName: "under-test",
    functionVersion: "$LATEST",
    invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:under-test",
    memoryLimitInMB: "256",
    logGroupName: "/aws/lambda/under-test",
    logStreamName: "test",
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => endMs - Date.now(),
    done: unused,
    fail: unused,
    succeed: unused,
  };
}

function unused(): never {
  throw new Error("callbacks are not part of this runtime");
}
