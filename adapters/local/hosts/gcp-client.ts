import { type Agent, type IncomingHttpHeaders, request as httpRequest } from "node:http";
import { buffer } from "node:stream/consumers";
import { Fault } from "#shared/errors";

/** A request on the wire to a function's container. */
export type ContainerRequest = {
  readonly method: string;
  /** Path and query, raw. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};

export type ContainerResponse = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
};

/** Where a function's container listens, and how long it may take. */
export type Container = {
  readonly port: number;
  readonly agent: Agent;
  readonly timeoutMs: number;
};

/**
 * Sends one request to a container on this machine, byte for byte. Rejects from `platform` with
 * `deadline_exceeded` after the time or when told to hang up, and with `unavailable` when there is no answer.
 */
export function callContainer(
  { port, agent, timeoutMs }: Container,
  { method, target, headers, body }: ContainerRequest,
  hangUp?: AbortSignal,
): Promise<ContainerResponse> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeoutMs);
  const signal = hangUp === undefined ? abort.signal : AbortSignal.any([abort.signal, hangUp]);
  const options = { host: "127.0.0.1", port, agent, method, path: target, headers, signal };
  return new Promise<ContainerResponse>((resolve, reject) => {
    const fail = (cause: unknown): void => reject(noAnswer(signal, cause));
    const request = httpRequest(options, (response) => {
      buffer(response).then(
        (bytes) =>
          resolve({ status: response.statusCode ?? 502, headers: response.headers, body: bytes }),
        fail,
      );
    });
    request.on("error", fail);
    request.end(body);
  }).finally(() => clearTimeout(timer));
}

function noAnswer(signal: AbortSignal, cause: unknown): Fault {
  return signal.aborted
    ? new Fault("deadline_exceeded", "gcp.host: the container did not answer in time", {
        origin: "platform",
        cause,
      })
    : new Fault("unavailable", "gcp.host: the container gave no answer; try again", {
        origin: "platform",
        cause,
      });
}
