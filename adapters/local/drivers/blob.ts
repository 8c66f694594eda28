import type { BlobDriver } from "#shared/blob";
import { Fault } from "#shared/errors";
import { blobLimits } from "../engine/answers.ts";
import type { Channel } from "../ipc.ts";

/** Blobs of the engine in the parent process. Signed requests go to the gateway. */
export function localBlobs(channel: Channel, gatewayUrl: string): BlobDriver {
  return {
    name: "local",
    ...blobLimits,
    async put(put, signal) {
      const { BlobPutResult } = await protocol();
      return BlobPutResult.parse(await channel.call("blob.put", put, signal));
    },
    async head(at, signal) {
      const { BlobInfoResult } = await protocol();
      return BlobInfoResult.parse(await channel.call("blob.head", at, signal));
    },
    async get(at, range, signal) {
      const { BlobContentResult } = await protocol();
      return BlobContentResult.parse(await channel.call("blob.get", { at, range }, signal));
    },
    async delete(at, condition, signal) {
      const { BlobDeleted } = await protocol();
      return BlobDeleted.parse(await channel.call("blob.delete", { at, condition }, signal));
    },
    async list(listing, signal) {
      const { BlobItems } = await protocol();
      return BlobItems.parse(await channel.call("blob.list", listing, signal));
    },
    async sign(signing, signal) {
      const { BlobSigned } = await protocol();
      const signed = BlobSigned.parse(await channel.call("blob.sign", signing, signal));
      return { ...signed, url: new URL(signed.url, gatewayUrl).href };
    },
    codeOf: (error) => (Fault.is(error) ? error.code : undefined),
    // All ports share the channel; it ends with the process.
    async close() {},
  };
}

/** Loaded at first use: it is most of what this driver weighs. */
const protocol = () => import("../engine/blob-answers.ts");
