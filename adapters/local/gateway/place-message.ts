import type { Decision } from "#shared/console";
import { operationUsd } from "#shared/operations";
import * as z from "zod";
import { type Consumer, readEnvelope } from "../delivery.ts";
import type { Fleet, FleetFunction } from "./fleet.ts";

const BYTES_PER_GB = 2 ** 30;
/** A message leaves its sender's cloud only for a gain of so much, as a function leaves its runtime. */
const LEAST_GAIN = 0.03;

const Placement = z.object({
  runtime: z.string(),
  epoch: z.number(),
  arms: z.array(
    z.object({ runtime: z.string(), verdict: z.string(), scoreUsd: z.number().nullable() }),
  ),
});

/**
 * On which runtime's queue a message is to lie: where its function is expected to be the cheapest, the operation of the
 * queue and the way out of the sender's cloud included. The sender's own where nothing is known to be cheaper, and where
 * each runtime has a state of its own.
 */
export function placeMessage(
  fleet: Fleet,
  consumer: FleetFunction,
  own: string,
  sizeBytes: number,
): Decision {
  if (!fleet.sharesState) return { runtime: own, reason: "home" };
  const { epoch, arms } = fleet.seen(consumer);
  const priced = arms.map(({ runtime, verdict, scoreUsd }) => {
    const isOpen = verdict === "open" && fleet.isUp(runtime);
    const extraUsd = sendUsd(fleet, own, runtime, sizeBytes);
    return { runtime, verdict, scoreUsd: isOpen && scoreUsd !== null ? scoreUsd + extraUsd : null };
  });
  const usdOf = (runtime: string): number =>
    priced.find((arm) => arm.runtime === runtime)?.scoreUsd ?? Infinity;
  const best = priced.reduce(
    (least, { runtime }) => (usdOf(runtime) < usdOf(least) ? runtime : least),
    own,
  );
  const isWorth = usdOf(best) < usdOf(own) * (1 - LEAST_GAIN);
  return { runtime: isWorth ? best : own, reason: "publish", epoch, arms: priced };
}

/** Messages of one queue that a runtime sends together. */
export type SentMessages = {
  readonly queue: string;
  readonly bodies: readonly string[];
  readonly own: string;
};

/**
 * Where messages are to lie, and why, as they carry it. `undefined` leaves them with their sender: those that no function
 * takes, and those of a trace that was pinned.
 */
export function placeMessages(
  fleet: Fleet,
  consumers: readonly Consumer[],
  { queue, bodies, own }: SentMessages,
): { readonly home: string; readonly placement: string } | undefined {
  const consumer = consumers.find((one) => one.queue === queue);
  const traceparent = bodies[0] === undefined ? undefined : readEnvelope(bodies[0])?.traceparent;
  if (consumer === undefined || (traceparent !== undefined && fleet.isPinned(traceparent))) {
    return undefined;
  }
  const sizeBytes = bodies.reduce((sum, body) => sum + Buffer.byteLength(body), 0);
  const decision = placeMessage(fleet, consumer, own, sizeBytes / bodies.length);
  const placement = encodePlacement(decision);
  return placement === undefined ? undefined : { home: decision.runtime, placement };
}

/** A placement as its message carries it. */
export function encodePlacement({ runtime, epoch, arms }: Decision): string | undefined {
  return arms === undefined ? undefined : JSON.stringify({ runtime, epoch, arms });
}

/** The decision that put a message where it is; `undefined` for none, or one of another time's form. */
export function decodePlacement(text: string | undefined): Decision | undefined {
  if (text === undefined) return undefined;
  const parsed = Placement.safeParse(JSON.parse(text));
  return parsed.success ? { reason: "publish", ...parsed.data } : undefined;
}

function sendUsd(fleet: Fleet, own: string, runtime: string, sizeBytes: number): number {
  const operations = fleet.arms.get(runtime)?.operations.operations;
  const queueUsd = operations === undefined ? 0 : operationUsd(operations.queueSend, sizeBytes);
  if (runtime === own) return queueUsd;
  const egressUsd = fleet.arms.get(own)?.prices.usdPerEgressGb ?? 0;
  return queueUsd + (sizeBytes / BYTES_PER_GB) * egressUsd;
}
