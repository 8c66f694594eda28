import { type Ports, publicSettings } from "#shared/function";
import { staticIdentity } from "#shared/identity";
import type { TelemetryDriver } from "#shared/telemetry";
import { localActions } from "./drivers/actions.ts";
import { localBlobs } from "./drivers/blob.ts";
import { localQueue } from "./drivers/queue.ts";
import { localSecrets } from "./drivers/secrets.ts";
import { localState } from "./drivers/state.ts";
import { localTopic } from "./drivers/topic.ts";
import { openChannel, parentPort } from "./ipc.ts";
import { systemClock, systemRandom } from "./system.ts";

/**
 * The ports of a function that runs in a host of the local runtime: state, queues, topics and blobs of the engine in the
 * parent process, secrets from the environment and the encrypted file, actions through the gateway. Called by generated
 * entries; reads the environment once. Throws `failed_precondition` in a process that no local runtime started.
 */
export function localPorts(runtime: string, telemetry: TelemetryDriver): Ports {
  const channel = openChannel(parentPort());
  const token = process.env["AUTERITY_TOKEN"] ?? "";
  const gatewayUrl = process.env["AUTERITY_GATEWAY_URL"] ?? "http://127.0.0.1:4400";
  return {
    state: localState(channel),
    queue: localQueue(channel),
    topic: localTopic(channel),
    blob: localBlobs(channel, gatewayUrl),
    secrets: localSecrets(process.env, process.env["AUTERITY_DATA"]),
    telemetry,
    identity: staticIdentity({ [token]: { tenant: "default", subject: "local" } }),
    actions: localActions({ gatewayUrl, token, runtime }),
    meter: {
      async record(subject, lines) {
        await channel.call("meter.record", { subject, lines }).catch(() => undefined);
      },
    },
    clock: systemClock,
    random: systemRandom,
    settings: publicSettings(process.env),
  };
}
