import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { createHttpServer } from "@vercel/cosmosdb-server";
import { listen } from "#shared/testing";
import { applyBatch } from "./cosmos-batch.conformance.ts";

/** A Cosmos DB account in this process. */
export type Cosmos = { readonly connectionString: string; stop(): Promise<void> };

/**
 * Starts `@vercel/cosmosdb-server` behind a front that mends three differences to the service: a batch that fails leaves
 * nothing behind (the server keeps what came before the failure), its operations take the partition key of the request,
 * and a missing container is told from a missing item. Times to live stay without effect.
 */
export async function startCosmos(): Promise<Cosmos> {
  const inner = createHttpServer();
  inner.listen(0, "127.0.0.1");
  await once(inner, "listening");
  const address = inner.address();
  if (address === null || typeof address === "string") throw new Error("cosmos has no port");
  const base = `http://127.0.0.1:${address.port}`;
  const gate = exclusion();
  const front = await listen((request, response) => {
    const serving = request.headers["x-ms-cosmos-is-batch-request"]
      ? gate.alone(() => serveBatch(base, request, response))
      : gate.together(async () => {
          if (await lacksContainer(base, request)) response.setHeader("x-ms-substatus", "1003");
          inner.emit("request", request, response);
          await once(response, "close");
        });
    serving.catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  return {
    connectionString: `AccountEndpoint=${front.url}/;AccountKey=${btoa("a key that nobody checks")};`,
    async stop() {
      await front.close();
      inner.closeAllConnections();
      inner.close();
    },
  };
}

type Exclusion = {
  together(run: () => Promise<void>): Promise<void>;
  /** Nothing else runs meanwhile: nothing may come between a batch's conditions and its writes. */
  alone(run: () => Promise<void>): Promise<void>;
};

function exclusion(): Exclusion {
  let barrier: Promise<unknown> = Promise.resolve();
  const running = new Set<Promise<void>>();
  return {
    async together(run) {
      await barrier;
      const task = run();
      running.add(task);
      await task.finally(() => running.delete(task));
    },
    async alone(run) {
      const task = barrier.then(() => Promise.allSettled(running)).then(run);
      barrier = task.catch(() => undefined);
      await task;
    },
  };
}

async function serveBatch(
  base: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { authorization = "", "x-ms-documentdb-partitionkey": partitionKey } = request.headers;
  const answer = (await lacksContainer(base, request))
    ? { status: 404, results: [] }
    : await applyBatch(
        { url: `${base}${request.url}`, authorization, partitionKey: String(partitionKey) },
        await json(request),
      );
  if (answer.status === 404) response.setHeader("x-ms-substatus", "1003");
  response.writeHead(answer.status, { "content-type": "application/json" });
  response.end(JSON.stringify(answer.results));
}

// Nothing in these tests drops a container.
const known = new Set<string>();

/** Whether a request is about items of a container that does not exist. */
async function lacksContainer(base: string, { url = "" }: IncomingMessage): Promise<boolean> {
  const [path] = /^\/dbs\/[^/]+\/colls\/[^/]+(?=\/docs)/.exec(url) ?? [];
  if (path === undefined || known.has(`${base}${path}`)) return false;
  const { status } = await fetch(`${base}${path}`);
  if (status === 200) known.add(`${base}${path}`);
  return status === 404;
}
