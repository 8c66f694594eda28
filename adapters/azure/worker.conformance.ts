import { findHttpFunction } from "../local/hosts/azure-routes.ts";
import { AzureWorker } from "../local/hosts/azure-worker.ts";
import type { EntryHarness } from "../../shared/host/entry-harness.ts";
import { azureHttpCodec } from "./codecs/http.ts";
import { azureQueueCodec } from "./codecs/queue.ts";
import { azureScheduleCodec } from "./codecs/schedule.ts";
import { azureApp } from "./entry.ts";

/** What functions wrote through their context, or the worker about them. */
export const workerLog: string[] = [];

/** The worker of this test process, around the real `@azure/functions`. */
export const testWorker = AzureWorker.install((line) => void workerLog.push(line));

const notFound = {
  status: "success",
  returnValue: { http: { statusCode: "404", headers: {}, cookies: [] } },
};

/** Runs definitions through the Azure entry, the real library and the worker. */
export const azureHarness: EntryHarness = {
  invalidJson: "ours",
  except: { Q05: "the host hands over one message at a time, and of no group" },
  async start(definition, ports) {
    const { name, trigger } = definition;
    azureApp([{ name, trigger, load: async () => definition }], ports);
    return {
      async http(input) {
        const found = findHttpFunction(testWorker.functions, name, input.method, input.path);
        if (found === undefined) return azureHttpCodec.render(notFound);
        return azureHttpCodec.render(await testWorker.invoke(found, azureHttpCodec.emulate(input)));
      },
      async queue(queue, deliveries) {
        const answer = await testWorker.invoke(name, azureQueueCodec.emulate(queue, deliveries));
        return azureQueueCodec.render(answer, deliveries);
      },
      async schedule(slotMs, firedAtMs) {
        const answer = await testWorker.invoke(name, azureScheduleCodec.emulate(slotMs, firedAtMs));
        return answer.status === "success";
      },
      async stop() {},
    };
  },
};
