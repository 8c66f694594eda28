import type { OperationPrices } from "#shared/operations";
import type { PriceBook } from "#shared/routing";
import type { HttpCodec, QueueCodec, ScheduleCodec } from "./codecs.ts";

/** What a cloud can carry, for checks at build time; each adapter says where it read its figures. */
export type CloudLimits = {
  readonly maxRequestBytes: number;
  readonly maxResponseBytes: number;
  /** The largest queue message as the sender hands it over, before any encoding that the broker needs. */
  readonly maxMessageBytes: number;
  readonly maxHttpSeconds: number;
  readonly maxEventSeconds: number;
  readonly maxNameLength: number;
};

/** How long a cloud's instances live and take to start; for the router, which has to weigh a cold start. */
export type InstanceProfile = {
  /** How long an idle instance stays warm. */
  readonly keepAliveMs: number;
  /** What a cold start adds to an answer's time, and how much of that is billed like running time. */
  readonly coldMs: number;
  readonly coldBilledMs: number;
};

/** A cloud as the build sees it: plain data, the default export of `adapters/<cloud>/adapter.ts`. */
export type Adapter = {
  readonly name: string;
  readonly codecs: {
    readonly http: HttpCodec<never, unknown, unknown, never>;
    readonly queue: QueueCodec<never, unknown, unknown, never>;
    readonly schedule: ScheduleCodec<never, unknown>;
  };
  readonly price: PriceBook;
  /** What its other services charge. */
  readonly operations: OperationPrices;
  readonly limits: CloudLimits;
  readonly instances: InstanceProfile;
};
