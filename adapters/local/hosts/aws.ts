import { Fault } from "#shared/errors";
import type { HttpCodec, QueueCodec, ScheduleCodec } from "#shared/host";
import { ChildHost } from "./child-host.ts";
import type { CloudHost, HostOptions } from "./host.ts";
import { LambdaRuntimeApi } from "./lambda-runtime-api.ts";

/** The sides of AWS's codecs that face the platform. What the runtime posts is JSON for them to read. */
export type AwsCodecs = {
  readonly http: Pick<HttpCodec<never, unknown, unknown, unknown>, "emulate" | "render">;
  readonly queue: Pick<QueueCodec<never, unknown, unknown, unknown>, "emulate" | "render">;
  readonly schedule: Pick<ScheduleCodec<never, unknown>, "emulate">;
};

/**
 * AWS Lambda on this machine: one Runtime API per function, and one process that polls them all, many invocations
 * at once, as on Lambda Managed Instances.
 */
export async function awsHost(options: HostOptions<AwsCodecs>): Promise<CloudHost> {
  const { codecs, functions, timeoutMs } = options;
  const apis = new Map<string, LambdaRuntimeApi>();
  const assignments: unknown[] = [];
  for (const { name, bundle, memoryMb } of functions) {
    const api = new LambdaRuntimeApi(name);
    apis.set(name, api);
    assignments.push({ name, bundle, memoryMb, runtimeApi: await api.listen() });
  }
  const child = new ChildHost({
    ...options,
    runtime: "aws",
    script: new URL("aws-child.ts", import.meta.url),
    setup: assignments,
    onDown() {
      for (const api of apis.values()) api.abandon();
    },
  });
  const invoke = async (fn: string, event: unknown): Promise<unknown> => {
    const api = apis.get(fn);
    if (api === undefined) throw notDeployed(fn);
    // A Runtime API without a runtime would keep the event for whoever comes; a caller is told at once.
    if (child.state !== "up") throw isDown();
    const answer: unknown = JSON.parse(await api.invoke(event, timeoutMs));
    return answer;
  };
  return {
    runtime: "aws",
    get state() {
      return child.state;
    },
    ready: () => child.ready(),
    async stop() {
      await child.stop();
      await Promise.all([...apis.values()].map((api) => api.close()));
    },
    async http(fn, input) {
      return codecs.http.render(await invoke(fn, codecs.http.emulate(input)));
    },
    async queue(fn, queue, deliveries) {
      const event = codecs.queue.emulate(queue, deliveries);
      return codecs.queue.render(await invoke(fn, event), deliveries);
    },
    async schedule(fn, slotMs, firedAtMs) {
      await invoke(fn, codecs.schedule.emulate(slotMs, firedAtMs));
    },
  };
}

function isDown(): Fault {
  return new Fault("unavailable", "aws.host: the runtime is down; try again shortly", {
    origin: "platform",
    retryAfterMs: 1_000,
  });
}

function notDeployed(fn: string): Fault {
  return new Fault("not_found", `aws.host: there is no function "${fn}"; build again`, {
    origin: "platform",
  });
}
