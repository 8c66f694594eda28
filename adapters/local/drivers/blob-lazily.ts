import type { BlobDriver } from "#shared/blob";
import { Fault } from "#shared/errors";
import { blobLimits } from "../engine/protocol.ts";
import type { Channel } from "../ipc.ts";

/** The driver of blobs, loaded with its first operation: most functions have none, and start faster without it. */
export function localBlobsLazily(channel: Channel, gatewayUrl: string): BlobDriver {
  const load = async (): Promise<BlobDriver> =>
    (await import("./blob.ts")).localBlobs(channel, gatewayUrl);
  return {
    name: "local",
    ...blobLimits,
    put: async (...args) => (await load()).put(...args),
    head: async (...args) => (await load()).head(...args),
    get: async (...args) => (await load()).get(...args),
    delete: async (...args) => (await load()).delete(...args),
    list: async (...args) => (await load()).list(...args),
    sign: async (...args) => (await load()).sign(...args),
    codeOf: (error) => (Fault.is(error) ? error.code : undefined),
    async close() {},
  };
}
