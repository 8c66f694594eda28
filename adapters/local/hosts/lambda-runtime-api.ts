import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Fault } from "#shared/errors";

type Invocation = {
  readonly id: string;
  readonly event: string;
  readonly deadlineMs: number;
  readonly resolve: (payload: string) => void;
  readonly reject: (fault: Fault) => void;
};

/** Lambda's own limit (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html); functions set theirs. */
const LONGEST_RUN_MS = 900_000;
const VERSION = "/2018-06-01/runtime";

/**
 * The Lambda Runtime API of one function: what a runtime polls for events and posts its answers to.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class LambdaRuntimeApi {
  readonly #functionName: string;
  readonly #server: Server;
  /** Runtimes that wait for an event, oldest first. */
  readonly #pollers: ServerResponse[] = [];
  /** Events that wait for a runtime, oldest first. */
  readonly #waiting: Invocation[] = [];
  readonly #running = new Map<string, Invocation>();
  #initError: Fault | undefined;

  constructor(functionName: string) {
    this.#functionName = functionName;
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.writeHead(500).end());
    });
    // A runtime may poll for as long as nothing happens.
    this.#server.requestTimeout = 0;
    this.#server.keepAliveTimeout = 0;
  }

  /** Listens on a free loopback port; gives `host:port`, the value of AWS_LAMBDA_RUNTIME_API. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject).listen(0, "127.0.0.1", resolve);
    });
    const address = this.#server.address();
    if (typeof address !== "object" || address === null) throw new Error("no port to listen on");
    return `127.0.0.1:${address.port}`;
  }

  /**
   * Hands one event to the next free runtime and resolves with the JSON text of its answer. Rejects with
   * `deadline_exceeded` when the time is over and with `unavailable` for an error the runtime reported.
   */
  invoke(event: unknown, timeoutMs: number): Promise<string> {
    if (this.#initError !== undefined) return Promise.reject(this.#initError);
    return new Promise((resolve, reject) => {
      const id = randomUUID();
      const timer = setTimeout(() => {
        this.#forget(id);
        reject(fault("deadline_exceeded", `${this.#functionName} timed out after ${timeoutMs} ms`));
      }, timeoutMs);
      const settle =
        <T>(then: (value: T) => void) =>
        (value: T): void => {
          clearTimeout(timer);
          then(value);
        };
      this.#waiting.push({
        id,
        event: JSON.stringify(event),
        deadlineMs: Date.now() + Math.max(timeoutMs, LONGEST_RUN_MS),
        resolve: settle(resolve),
        reject: settle(reject),
      });
      this.#match();
    });
  }

  /** Rejects everything in flight: the runtime is gone. */
  abandon(): void {
    for (const poller of this.#pollers.splice(0)) poller.destroy();
    const lost = [...this.#running.values(), ...this.#waiting.splice(0)];
    this.#running.clear();
    for (const { reject } of lost) {
      reject(fault("unavailable", `the runtime of ${this.#functionName} went away`));
    }
  }

  async close(): Promise<void> {
    this.abandon();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "";
    if (request.method === "GET" && path === `${VERSION}/invocation/next`) {
      this.#initError = undefined;
      this.#pollers.push(response);
      response.once("close", () => this.#dropPoller(response));
      this.#match();
      return;
    }
    const body = await readText(request);
    const [, id, kind] =
      /^\/2018-06-01\/runtime\/invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
    if (path === `${VERSION}/init/error`) {
      this.#initError = fault("unavailable", `${this.#functionName} failed to start: ${body}`);
      response.writeHead(202).end();
      return;
    }
    const invocation = id === undefined ? undefined : this.#running.get(id);
    if (invocation === undefined) {
      response.writeHead(id === undefined ? 404 : 400).end();
      return;
    }
    this.#running.delete(invocation.id);
    response.writeHead(202).end();
    if (kind === "response") invocation.resolve(body);
    else invocation.reject(fault("unavailable", `${this.#functionName} failed: ${body}`));
  }

  #match(): void {
    while (this.#pollers.length > 0 && this.#waiting.length > 0) {
      const poller = this.#pollers.shift();
      const invocation = this.#waiting.shift();
      if (poller === undefined || invocation === undefined) return;
      this.#running.set(invocation.id, invocation);
      poller
        .writeHead(200, {
          "content-type": "application/json",
          "lambda-runtime-aws-request-id": invocation.id,
          "lambda-runtime-deadline-ms": String(invocation.deadlineMs),
          "lambda-runtime-invoked-function-arn": `arn:aws:lambda:us-east-1:000000000000:function:${this.#functionName}`,
        })
        .end(invocation.event);
    }
  }

  #dropPoller(response: ServerResponse): void {
    const index = this.#pollers.indexOf(response);
    if (index >= 0) this.#pollers.splice(index, 1);
  }

  #forget(id: string): void {
    this.#running.delete(id);
    const index = this.#waiting.findIndex((invocation) => invocation.id === id);
    if (index >= 0) this.#waiting.splice(index, 1);
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  let body = "";
  request.setEncoding("utf8");
  for await (const chunk of request) body += String(chunk);
  return body;
}

function fault(code: "unavailable" | "deadline_exceeded", message: string): Fault {
  return new Fault(code, `aws.host: ${message}`, { origin: "platform" });
}
