import { Agent, request as httpRequest } from "node:http";
import type { Context } from "aws-lambda";

/** What a bundle exports for Lambda. */
export type LambdaHandler = (event: unknown, context: Context) => Promise<unknown>;

export type LambdaRuntimeOptions = {
  readonly functionName: string;
  readonly memoryMb: number;
  /** `host:port` of the function's Runtime API. */
  readonly runtimeApi: string;
  /** Invocations at once, as on Lambda Managed Instances; classic Lambda has one. */
  readonly concurrency: number;
};

const VERSION = "/2018-06-01/runtime";

/**
 * A runtime client: polls the Runtime API, calls the handler, posts the answer, as `aws-lambda-ric` does.
 * Resolves when the API is gone. Many invocations share the process, as on Lambda Managed Instances:
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances.html
 */
export async function runLambda(
  handler: LambdaHandler,
  options: LambdaRuntimeOptions,
): Promise<void> {
  const [host = "127.0.0.1", port] = options.runtimeApi.split(":");
  const agent = new Agent({ keepAlive: true, maxSockets: options.concurrency * 2 });
  const call = caller(agent, host, Number(port));
  const loops = Array.from({ length: options.concurrency }, () => poll(handler, options, call));
  await Promise.allSettled(loops);
}

type Call = (
  method: "GET" | "POST",
  path: string,
  body?: string,
) => Promise<{ readonly header: (name: string) => string; readonly body: string }>;

async function poll(
  handler: LambdaHandler,
  options: LambdaRuntimeOptions,
  call: Call,
): Promise<void> {
  for (;;) {
    const next = await call("GET", `${VERSION}/invocation/next`);
    const id = next.header("lambda-runtime-aws-request-id");
    const path = `${VERSION}/invocation/${id}`;
    try {
      const event: unknown = JSON.parse(next.body);
      const context = createContext(options, id, next.header);
      const result = await handler(event, context);
      await call("POST", `${path}/response`, JSON.stringify(result ?? null));
    } catch (thrown) {
      await call("POST", `${path}/error`, describeError(thrown));
    }
  }
}

function createContext(
  options: LambdaRuntimeOptions,
  id: string,
  header: (name: string) => string,
): Context {
  const deadlineMs = Number(header("lambda-runtime-deadline-ms"));
  return {
    awsRequestId: id,
    functionName: options.functionName,
    functionVersion: "$LATEST",
    invokedFunctionArn: header("lambda-runtime-invoked-function-arn"),
    memoryLimitInMB: String(options.memoryMb),
    logGroupName: `/aws/lambda/${options.functionName}`,
    logStreamName: "local",
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
    done: unsupported,
    fail: unsupported,
    succeed: unsupported,
  };
}

function unsupported(): never {
  throw new Error("callbacks are gone since the nodejs24.x runtime; return a promise");
}

function describeError(thrown: unknown): string {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return JSON.stringify({ errorType: error.name, errorMessage: error.message });
}

function caller(agent: Agent, host: string, port: number): Call {
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const request = httpRequest({ agent, host, port, method, path }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            header: (name) => String(response.headers[name] ?? ""),
            body: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      });
      request.on("error", reject);
      request.end(body);
    });
}
