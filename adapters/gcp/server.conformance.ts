import { Agent, type Server } from "node:http";
import { http, type HttpFunction } from "@google-cloud/functions-framework";
import { getTestServer } from "@google-cloud/functions-framework/testing";
import { freshName, type EntryHarness } from "../../shared/host/entry-harness.ts";
import { callContainer } from "../local/hosts/gcp-client.ts";
import { listenLocally } from "../local/hosts/listen.ts";
import { type GcpNativeRequest, type GcpNativeResponse, gcpHttpCodec } from "./codecs/http.ts";
import { gcpQueueCodec } from "./codecs/queue.ts";
import { gcpScheduleCodec } from "./codecs/schedule.ts";
import { gcpAny, gcpEntry } from "./entry.ts";

/** A registered function behind the framework's real server. */
export type Served = {
  readonly call: (request: GcpNativeRequest) => Promise<GcpNativeResponse>;
  readonly stop: () => Promise<void>;
};

/** Serves a function that was registered with the framework. */
export async function serve(name: string): Promise<Served> {
  const server: Server = getTestServer(name);
  const port = await listenLocally(server);
  const agent = new Agent({ keepAlive: true });
  return {
    call: (request) => callContainer({ port, agent, timeoutMs: 15_000 }, request),
    async stop() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Takes one request through the framework to a function. */
export async function callOnce(
  fn: HttpFunction,
  request: GcpNativeRequest,
): Promise<GcpNativeResponse> {
  const name = freshName("once");
  http(name, fn);
  const { call, stop } = await serve(name);
  try {
    return await call(request);
  } finally {
    await stop();
  }
}

/** Runs definitions through the Google entry and the real framework. */
export const gcpHarness: EntryHarness = {
  invalidJson: "platform",
  except: { Q05: "a push carries one message, and of no group" },
  async start(definition, ports) {
    gcpEntry(definition, ports, gcpAny);
    const { call, stop } = await serve(definition.name);
    return {
      stop,
      http: async (input) => gcpHttpCodec.render(await call(gcpHttpCodec.emulate(input))),
      queue: async (queue, deliveries) =>
        gcpQueueCodec.render(await call(gcpQueueCodec.emulate(queue, deliveries)), deliveries),
      async schedule(slotMs, firedAtMs) {
        const { status } = await call(gcpScheduleCodec.emulate(slotMs, firedAtMs));
        return status >= 200 && status < 300;
      },
    };
  },
};
