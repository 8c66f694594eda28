import { Fault } from "#shared/errors";
import { MAX_CALL_BYTES, type SendToPeer } from "#shared/replication";

/** Where other clouds' replicas listen. */
export const PEER_PATH = "/v1/replication/calls";

/** A batch of a megabyte is durable on the slowest store within this. */
const TIMEOUT_MS = 10_000;

/** Calls over HTTP. The answer is read whatever its status is: the body says what went wrong. */
export function peerSender(urls: Readonly<Record<string, string>>): SendToPeer {
  return async (cloud, { headers, body }, signal) => {
    const url = urls[cloud];
    if (url === undefined) throw unreachable(cloud, "it has no address");
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const response = await fetch(new URL(PEER_PATH, url), {
        method: "POST",
        headers: { ...headers },
        body: Buffer.from(body),
        redirect: "error",
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      });
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (bytes.byteLength > 4 * MAX_CALL_BYTES)
        throw unreachable(cloud, "its answer is too large");
      return bytes;
    } catch (thrown) {
      if (signal?.aborted === true) throw signal.reason;
      if (Fault.is(thrown)) throw thrown;
      throw unreachable(
        cloud,
        timeout.aborted ? "no answer came in time" : "nothing listens there",
      );
    }
  };
}

function unreachable(cloud: string, why: string): Fault {
  return new Fault(
    "unavailable",
    `replication.call: ${cloud} cannot be reached, ${why}; try again`,
    {
      origin: "platform",
    },
  );
}
