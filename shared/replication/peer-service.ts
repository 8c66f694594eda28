import { Fault, httpStatus, toFault } from "#shared/errors";
import type { Clock } from "#shared/function";
import { verifyComputed } from "#shared/webhooks";
import type * as z from "zod";
import type { PeerRequest } from "./peer-calls.ts";
import { type PeerAnswer, PeerCallBody, type PeerMethod, peerScheme } from "./peer-wire.ts";

export type PeerHandlers = Readonly<
  Record<PeerMethod, (params: unknown, from: string) => Promise<unknown>>
>;

export type PeerServiceOptions = {
  /** The cloud that answers. */
  readonly cloud: string;
  readonly key: string;
  readonly clock: Pick<Clock, "now">;
  readonly handlers: PeerHandlers;
  /** Of the members, as they are now. */
  readonly epoch: () => number;
};

/** So many calls are answered at a time; who comes then is asked to wait, and its rows wait where they are. */
const MAX_AT_ONCE = 32;
const WAIT_MS = 500;
/** No id is taken twice while its signature holds: 60 s into the past, as many into the future. */
const REMEMBERED_MS = 130_000;

/** Answers what other clouds call: nothing that is not signed for this cloud, and nothing twice. */
export class PeerService {
  readonly #options: PeerServiceOptions;
  /** Ids by the time at which they may be forgotten, oldest first. */
  readonly #seen = new Map<string, number>();
  #running = 0;

  constructor(options: PeerServiceOptions) {
    this.#options = options;
  }

  /** Never throws: what went wrong is the answer. */
  async answer(request: PeerRequest): Promise<{ status: number; answer: PeerAnswer }> {
    const { handlers, epoch } = this.#options;
    try {
      const { from, method, params } = this.#read(request);
      if (this.#running >= MAX_AT_ONCE) throw busy();
      this.#running += 1;
      try {
        const value = await handlers[method](params, from);
        return { status: 200, answer: { ok: true, epoch: epoch(), value } };
      } finally {
        this.#running -= 1;
      }
    } catch (thrown) {
      const fault = toFault(thrown);
      const { code, retryAfterMs } = fault;
      const message = code === "internal" ? "an unexpected failure" : fault.message;
      const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
      // Who has shown no key learns nothing of the members.
      const known = code === "unauthenticated" ? 0 : epoch();
      return {
        status: httpStatus(fault),
        answer: { ok: false, epoch: known, code, message, ...wait },
      };
    }
  }

  #read({ headers, body }: PeerRequest): z.infer<typeof PeerCallBody> {
    const { cloud, key, clock } = this.#options;
    const nowMs = clock.now();
    const request = { method: "POST", url: "", headers, body };
    const verdict = verifyComputed(peerScheme, request, { secrets: [key], nowMs });
    if (!verdict.ok) throw unproven(verdict.reason);
    const parsed = PeerCallBody.safeParse(jsonOf(body));
    if (!parsed.success || parsed.data.to !== cloud) throw unproven("malformed");
    this.#once(headers["x-auterity-id"] ?? "", nowMs);
    return parsed.data;
  }

  /** A write of the home's repeated by somebody who listened would put an old row over a newer one. */
  #once(id: string, nowMs: number): void {
    for (const [old, untilMs] of this.#seen) {
      if (untilMs > nowMs) break;
      this.#seen.delete(old);
    }
    if (this.#seen.has(id)) throw unproven("repeated");
    this.#seen.set(id, nowMs + REMEMBERED_MS);
  }
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch {
    return undefined;
  }
}

function unproven(reason: string): Fault {
  return new Fault(
    "unauthenticated",
    `replication.serve: the call is not believed (${reason}); give all clouds the same key and the right time`,
    { origin: "caller", details: { reason } },
  );
}

function busy(): Fault {
  return new Fault(
    "resource_exhausted",
    "replication.serve: too many calls at once; wait a moment",
    {
      origin: "platform",
      retryAfterMs: WAIT_MS,
    },
  );
}
