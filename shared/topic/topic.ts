import { Fault } from "#shared/errors";
import type { ClientScope, Grant, Ports } from "#shared/function";
import { only } from "#shared/portable";
import type * as z from "zod";
import { TopicPublisher } from "./publisher.ts";

/** What the events of a topic carry, by type: objects. */
export type EventSchemas = Readonly<Record<string, z.ZodType<unknown, object>>>;

/** A topic as a value: its name, and which events it carries. */
export interface TopicRef<E extends EventSchemas = EventSchemas> {
  readonly kind: "topic";
  readonly name: string;
  readonly events: E;
  /** The permission to publish, for `uses`. */
  grant(verb: "publish"): Grant<Pick<TopicPublisher<E>, "publish">>;
}

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
/** Event Grid: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsofteventgrid */
const MAX_NAME_LENGTH = 50;
const TYPE = /^[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*$/;
/** EventBridge's detail type: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html */
const MAX_TYPE_LENGTH = 128;

/** Declares a topic. Pure data; nothing is created. Throws `invalid_argument` for names that no cloud would take. */
export function topic<const E extends EventSchemas>(
  name: string,
  options: { events: E },
): TopicRef<E> {
  if (!NAME.test(name) || name.length < 3 || name.length > MAX_NAME_LENGTH) {
    throw new Fault(
      "invalid_argument",
      `topic.define: "${name}" is no portable name; use kebab-case of 3 to ${MAX_NAME_LENGTH} characters`,
    );
  }
  const unfit = Object.keys(options.events).find(
    (type) => !TYPE.test(type) || type.length > MAX_TYPE_LENGTH,
  );
  if (unfit !== undefined) {
    throw new Fault(
      "invalid_argument",
      `topic.define: "${unfit}" is no portable event type; use lower-case words joined by dots, such as order.placed`,
    );
  }
  const ref: TopicRef<E> = {
    kind: "topic",
    name,
    events: options.events,
    grant: (verb) => ({
      kind: "topic",
      resource: name,
      verbs: [verb],
      definition: ref,
      connect: (ports, scope) => only(openTopic(ref, ports, scope), [verb]),
    }),
  };
  return ref;
}

/** The publishing side of a topic on behalf of an invocation, for code that is no function. */
export function openTopic<E extends EventSchemas>(
  ref: TopicRef<E>,
  ports: Pick<Ports, "topic" | "clock" | "random">,
  scope: ClientScope,
): TopicPublisher<E> {
  return new TopicPublisher(ref, ports, scope);
}
