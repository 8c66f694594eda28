import { Fault } from "#shared/errors";
import type { Capability, ClientScope, Grant } from "#shared/function";
import type * as z from "zod";
import { type QueuePorts, QueueSender, type SendOptions, type SendResult } from "./sender.ts";

/** A queue as a value: its name, what its messages look like, and how they are delivered. */
export interface QueueRef<Body = unknown, Needs extends Capability = Capability> {
  readonly kind: "queue";
  readonly name: string;
  readonly schema: z.ZodType<unknown, Body>;
  /** After so many attempts a message goes to the dead-letter queue. */
  readonly maxAttempts: number;
  /** How long a delivered message stays hidden from others; longer than its handler may run. */
  readonly visibilitySeconds: number;
  /** What not every queue can do and this one must. */
  readonly needs: readonly Needs[];
  /** The permission to send, for `uses`. */
  grant(verb: "send"): Grant<QueueClient<Body, Needs>, Needs>;
}

/** What a function may do with a queue. */
export type QueueClient<Body, Needs extends Capability> = {
  /** As {@link QueueSender.send}; a delay only where the queue was declared with delays. */
  send(
    body: Body | readonly Body[],
    options?: [Needs] extends [never] ? Omit<SendOptions, "delaySeconds"> : SendOptions,
  ): Promise<SendResult[]>;
};

export type QueueOptions<Body, Delays extends boolean> = {
  readonly schema: z.ZodType<unknown, Body>;
  readonly maxAttempts?: number;
  readonly visibilitySeconds?: number;
  /** Whether messages may be held back, for up to 15 minutes, which Pub/Sub cannot. */
  readonly delays?: Delays;
};

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
/** Storage Queue names end at 63 characters, and `-dead` must fit. */
const MAX_NAME_LENGTH = 58;

/**
 * Declares a queue. Pure data; nothing is created. Throws `invalid_argument` for a name that no cloud would take
 * (https://learn.microsoft.com/rest/api/storageservices/naming-queues-and-metadata is the narrowest).
 */
export function queue<Body, const Delays extends boolean = false>(
  name: string,
  options: QueueOptions<Body, Delays>,
): QueueRef<Body, Delays extends true ? "delay" : never> {
  if (!NAME.test(name) || name.length < 3 || name.length > MAX_NAME_LENGTH) {
    throw new Fault(
      "invalid_argument",
      `queue.define: "${name}" is no portable name; use kebab-case of 3 to ${MAX_NAME_LENGTH} characters`,
    );
  }
  type Needs = Delays extends true ? "delay" : never;
  const list: readonly Capability[] = options.delays === true ? ["delay"] : [];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the type says when there is which
  const needs = list as readonly Needs[];
  const ref: QueueRef<Body, Needs> = {
    kind: "queue",
    name,
    schema: options.schema,
    maxAttempts: options.maxAttempts ?? 5,
    visibilitySeconds: options.visibilitySeconds ?? 60,
    needs,
    grant: (verb) => ({
      kind: "queue",
      resource: name,
      verbs: [verb],
      definition: ref,
      needs,
      connect(ports, scope) {
        const sender = openQueue(ref, ports, scope);
        return { send: (body, sendOptions) => sender.send(body, sendOptions) };
      },
    }),
  };
  return ref;
}

/** The sending side of a queue on behalf of an invocation, for code that is no function. */
export function openQueue<Body>(
  ref: QueueRef<Body>,
  ports: QueuePorts,
  scope: ClientScope,
): QueueSender<Body> {
  return new QueueSender(ref, ports, scope);
}

/** Where messages of a queue go that no attempt could handle. */
export function deadLetterQueue(name: string): string {
  return `${name}-dead`;
}
