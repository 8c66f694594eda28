import { type Code, codes, Fault } from "#shared/errors";
import type { Ports } from "#shared/function";
import { signWebhook } from "#shared/webhooks";
import {
  MAX_BATCH_BYTES,
  MAX_BATCH_ROWS,
  PeerAnswer,
  type PeerCallBody,
  type PeerMethod,
  peerScheme,
  Refused,
} from "./peer-wire.ts";
import type { ReplicatedRow } from "./replicated-state.ts";
import type { Peer } from "./ship.ts";
import type * as z from "zod";

/** What is sent to another cloud, and what comes back of it. */
export type PeerRequest = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};

/** Brings a request to a cloud and its answer's body back; rejects with a Fault when there is none. */
export type SendToPeer = (
  cloud: string,
  request: PeerRequest,
  signal: AbortSignal | undefined,
) => Promise<Uint8Array>;

export type PeerCallsOptions = {
  /** The cloud that calls. */
  readonly cloud: string;
  /** The key that the clouds share; 16 bytes or more. */
  readonly key: string;
  readonly send: SendToPeer;
  readonly ports: Pick<Ports, "clock" | "random">;
  /** Of the members that the caller knows. */
  readonly epoch: () => number;
  /** Told when a cloud answers under a later epoch. */
  readonly onLater?: (cloud: string) => void;
};

/** Calls of one cloud to the others, each signed. */
export class PeerCalls {
  readonly #options: PeerCallsOptions;

  constructor(options: PeerCallsOptions) {
    this.#options = options;
  }

  /** Throws what the other cloud threw, as a Fault of the same code, and what the way there throws. */
  async call(
    to: string,
    method: PeerMethod,
    params: unknown,
    signal?: AbortSignal,
  ): Promise<unknown> {
    const { cloud: from, epoch, send, onLater } = this.#options;
    const ours = epoch();
    const body: z.input<typeof PeerCallBody> = { from, to, epoch: ours, method, params };
    const answer = readAnswer(await send(to, this.#signed(body), signal));
    if (answer.epoch > ours) onLater?.(to);
    if (answer.ok) return answer.value;
    const { code, message, retryAfterMs } = answer;
    throw new Fault(isCode(code) ? code : "internal", message, {
      origin: "platform",
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }

  /** Another cloud as one to send rows to, in batches that it takes. */
  peer(name: string): Peer {
    return {
      name,
      apply: async (rows) => {
        const refused: z.infer<typeof Refused> = [];
        for (const batch of batches(rows)) {
          refused.push(...Refused.parse(await this.call(name, "apply", batch)));
        }
        return refused;
      },
    };
  }

  #signed(call: z.input<typeof PeerCallBody>): PeerRequest {
    const { key, ports } = this.#options;
    const body = Buffer.from(JSON.stringify(call));
    const webhook = { body, nowMs: ports.clock.now(), id: ports.random.uuid() };
    const { headers } = signWebhook(peerScheme, webhook, key);
    return { headers: { ...headers, "content-type": "application/json" }, body };
  }
}

function readAnswer(body: Uint8Array): PeerAnswer {
  try {
    return PeerAnswer.parse(JSON.parse(Buffer.from(body).toString()));
  } catch (cause) {
    throw new Fault("unavailable", "replication.call: what answers is no peer; check its address", {
      origin: "platform",
      cause,
    });
  }
}

function isCode(code: string): code is Code {
  return Object.hasOwn(codes, code);
}

/** Rows in their order, so many at a time as a batch holds. */
function* batches(rows: readonly ReplicatedRow[]): Generator<readonly ReplicatedRow[]> {
  let batch: ReplicatedRow[] = [];
  let sizeBytes = 0;
  for (const row of rows) {
    const rowBytes = Buffer.byteLength(row.version.data ?? "");
    const isFull = batch.length === MAX_BATCH_ROWS || sizeBytes + rowBytes > MAX_BATCH_BYTES;
    if (isFull && batch.length > 0) {
      yield batch;
      [batch, sizeBytes] = [[], 0];
    }
    batch.push(row);
    sizeBytes += rowBytes;
  }
  if (batch.length > 0) yield batch;
}
