import { azureHttpCodec } from "../../adapters/azure/codecs/http.ts";
import { AzureWorker } from "../../adapters/local/hosts/azure-worker.ts";
import type { Order } from "../task.ts";
import { orderFunction } from "../contenders/order-function.ts";
import { benchPorts } from "../contenders/ports.ts";
import { compare } from "../measure.ts";
import { type Row, timedRow } from "../report.ts";
import { azureRoute, body, checkAnswer, headers, Input, path, priceOrder } from "../task.ts";

/** One invocation as the worker gets it from the host, through the real @azure/functions. */
export async function azureEntry(): Promise<Row> {
  const worker = AzureWorker.install((line) => void process.stderr.write(`${line}\n`));
  // Only now: the library asks for the worker's module when it is loaded.
  const { app } = await import("@azure/functions");
  const { azureApp } = await import("../../adapters/azure/entry.ts");
  const { name, trigger } = orderFunction;
  if (trigger.kind !== "http") throw new Error("the task is an HTTP function");
  azureApp([{ name, trigger, load: async () => orderFunction }], benchPorts());
  app.http("bare", {
    methods: ["POST"],
    route: azureRoute,
    authLevel: "anonymous",
    handler: async (request) => {
      const order = (await request.json()) as Omit<Order, "id">;
      return { jsonBody: priceOrder(Input.parse({ ...order, id: request.params["id"] })) };
    },
  });

  const names = [
    ["auterity, Azure entry", name],
    ["bare @azure/functions", "bare"],
  ] as const;
  for (const [title, fn] of names) {
    const output = await azureHttpCodec.render(await worker.invoke(fn, freshTrigger()));
    const { "content-type": type = "" } = output.headers;
    checkAnswer(title, { status: output.status, type, body: Buffer.from(output.body).toString() });
  }
  const timings = await compare(
    names.map(([title, fn]) => ({
      name: title,
      run: (input: Trigger) => worker.invoke(fn, input),
    })),
    freshTrigger,
  );
  return timedRow("azure-entry", "Azure entry, real @azure/functions", "µs", timings, {
    "bare @azure/functions": 1.1,
  });
}

type Trigger = ReturnType<typeof freshTrigger>;

const bytes = Buffer.from(body);

function freshTrigger() {
  return {
    data: {
      http: {
        method: "POST",
        url: `https://orders.example.com${path}`,
        headers: { ...headers },
        params: { id: "ord-4711" },
        query: {},
        body: { bytes },
      },
    },
  };
}
