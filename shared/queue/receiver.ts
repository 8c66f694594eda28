/** A message that is hidden from others until its lease ends. */
export type Received = {
  readonly handle: string;
  readonly body: string;
  /** From 1; 1 where the broker does not count. */
  readonly receiveCount: number;
};

/** What becomes of a received message: it is forgotten, or visible again after a time. */
export type ReceivedSettlement = "done" | { readonly visibleAfterMs: number };

/** The receiving half of a queue, where no trigger of a platform does it: in the local runtime and in tests. */
export interface QueueReceiver {
  /**
   * Takes up to `limit` visible messages and hides them for the time of the lease. Waits for a first message as long
   * as told, or as long as the broker can where that is less.
   */
  receive(
    queue: string,
    options: {
      readonly limit: number;
      readonly leaseSeconds: number;
      readonly waitSeconds?: number;
    },
    signal?: AbortSignal,
  ): Promise<readonly Received[]>;
  /** False when the lease had ended and the message belongs to somebody else by now. */
  settle(queue: string, handle: string, settlement: ReceivedSettlement): Promise<boolean>;
  close(): Promise<void>;
}
