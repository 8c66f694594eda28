import { Agent } from "node:http";
import { Fault } from "#shared/errors";
import type { HttpCodec, QueueCodec, ScheduleCodec } from "#shared/host";
import * as z from "zod";
import { ChildHost } from "./child-host.ts";
import { callContainer, type ContainerRequest, type ContainerResponse } from "./gcp-client.ts";
import type { CloudHost, HostOptions } from "./host.ts";

/** The sides of Google's codecs that face the platform. */
export type GcpCodecs = {
  readonly http: Pick<
    HttpCodec<never, unknown, ContainerRequest, ContainerResponse>,
    "emulate" | "render"
  >;
  readonly queue: Pick<
    QueueCodec<never, unknown, ContainerRequest, ContainerResponse>,
    "emulate" | "render"
  >;
  readonly schedule: Pick<ScheduleCodec<never, ContainerRequest>, "emulate">;
};

const Ready = z.object({ ports: z.record(z.string(), z.int()) });

/**
 * Google Cloud Run functions on this machine: one process with the real Functions Framework, a server and a port
 * per function, spoken to over HTTP as Google's front end, Pub/Sub and Cloud Scheduler do.
 */
export function gcpHost(options: HostOptions<GcpCodecs>): CloudHost {
  const { codecs, functions, timeoutMs } = options;
  const agent = new Agent({ keepAlive: true });
  let ports: Readonly<Record<string, number>> = {};
  const child = new ChildHost({
    ...options,
    runtime: "gcp",
    script: new URL("gcp-child.ts", import.meta.url),
    setup: functions.map(({ name, bundle }) => ({ name, bundle })),
    onReady(detail) {
      ({ ports } = Ready.parse(detail));
    },
    onDown() {
      ports = {};
    },
  });
  const call = (
    fn: string,
    request: ContainerRequest,
    signal?: AbortSignal,
  ): Promise<ContainerResponse> => {
    const port = ports[fn];
    if (port === undefined) return Promise.reject(noContainer(fn));
    return callContainer({ port, agent, timeoutMs }, request, signal);
  };
  return {
    runtime: "gcp",
    get state() {
      return child.state;
    },
    ready: () => child.ready(),
    async stop() {
      await child.stop();
      agent.destroy();
    },
    async http(fn, input, signal) {
      return codecs.http.render(await call(fn, codecs.http.emulate(input), signal));
    },
    async queue(fn, queue, deliveries) {
      // A push carries one message, and several are under way at once.
      const settled = deliveries.map(async (delivery) => {
        const response = await call(fn, codecs.queue.emulate(queue, [delivery]));
        return codecs.queue.render(response, [delivery]);
      });
      return (await Promise.all(settled)).flat();
    },
    async schedule(fn, slotMs, firedAtMs) {
      const { status } = await call(fn, codecs.schedule.emulate(slotMs, firedAtMs));
      if (status >= 200 && status < 300) return;
      throw new Fault("unavailable", `gcp.host: "${fn}" answered ${status}; its log says why`, {
        origin: "platform",
      });
    },
  };
}

function noContainer(fn: string): Fault {
  return new Fault("unavailable", `gcp.host: no container of "${fn}" is up; try again shortly`, {
    origin: "platform",
    retryAfterMs: 1_000,
  });
}
