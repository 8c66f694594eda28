import { Fault } from "#shared/errors";
import type { HttpCodec, QueueCodec, ScheduleCodec } from "#shared/host";
import * as z from "zod";
import { ChildHost } from "./child-host.ts";
import type { CloudHost, HostOptions } from "./host.ts";

/** The sides of Azure's codecs that face the platform. What the worker answers is for them to read. */
export type AzureCodecs = {
  readonly http: Pick<HttpCodec<never, unknown, unknown, unknown>, "emulate" | "render">;
  readonly queue: Pick<QueueCodec<never, unknown, unknown, unknown>, "emulate" | "render">;
  readonly schedule: Pick<ScheduleCodec<never, unknown>, "emulate">;
};

const Answer = z.object({ status: z.enum(["success", "failure"]) });

/**
 * Azure Functions on this machine: one worker process for the whole app, which loads the built bundle through the
 * registration contract of the v4 programming model with the real `@azure/functions`.
 */
export function azureHost(options: HostOptions<AzureCodecs>): CloudHost {
  const { codecs, functions } = options;
  const child = new ChildHost({
    ...options,
    runtime: "azure",
    script: new URL("azure-child.ts", import.meta.url),
    setup: { bundles: [...new Set(functions.map(({ bundle }) => bundle))] },
  });
  const invoke = (
    fn: string,
    trigger: unknown,
    route: { readonly method: string; readonly path: string } | null,
  ): Promise<unknown> => child.call("host.invoke", { fn, route, trigger });
  return {
    runtime: "azure",
    get state() {
      return child.state;
    },
    ready: () => child.ready(),
    stop: () => child.stop(),
    async http(fn, input) {
      const { method, path } = input;
      return codecs.http.render(await invoke(fn, codecs.http.emulate(input), { method, path }));
    },
    async queue(fn, queue, deliveries) {
      // The trigger takes one message at a time, and many at once.
      const settled = deliveries.map(async (delivery) => {
        const answer = await invoke(fn, codecs.queue.emulate(queue, [delivery]), null);
        return codecs.queue.render(answer, [delivery]);
      });
      return (await Promise.all(settled)).flat();
    },
    async schedule(fn, slotMs, firedAtMs) {
      const answer = await invoke(fn, codecs.schedule.emulate(slotMs, firedAtMs), null);
      if (Answer.parse(answer).status === "success") return;
      throw new Fault("unavailable", `azure.host: "${fn}" failed; its log says why`, {
        origin: "platform",
      });
    },
  };
}
