import { checkCapabilities } from "../host/check-capabilities.ts";
import { memoryQueue, queue, type SendOptions } from "#shared/queue";
import { memoryPorts } from "#shared/testing";
import { expect, expectTypeOf, it } from "vitest";
import * as z from "zod";
import { needs } from "./capabilities.ts";
import { defineFunction, type FunctionDefinition } from "./define-function.ts";
import { queueDefinitionConformance } from "./queue-definition.conformance.ts";
import { httpTrigger } from "./triggers.ts";

const schema = z.object({ ref: z.string() });
const plain = queue("pushes", { schema });
const reminders = queue("reminders", { schema, delays: true });
const scope = {
  tenant: "default",
  traceparent: "",
  event: undefined,
  signal: new AbortController().signal,
};
const spec = {
  name: "remind",
  summary: "Reminds somebody later",
  trigger: httpTrigger("POST", "/v1/remind"),
  input: schema,
} as const;

const handler = async (): Promise<void> => {};

function remind(): FunctionDefinition {
  return defineFunction({
    ...spec,
    uses: { reminders: reminders.grant("send") },
    targets: ["aws", "azure"],
    async handler(ctx, input) {
      await ctx.reminders.send(input, { delaySeconds: 60 });
    },
  });
}

it("compiles for the clouds that can hold a message back, and for no other", () => {
  expect(remind().targets).toEqual(["aws", "azure"]);
  const uses = { reminders: reminders.grant("send") };
  // @ts-expect-error -- gcp: pubsub has no delay
  defineFunction({ ...spec, uses, targets: ["aws", "gcp"], handler });
  // @ts-expect-error -- all clouds, and gcp among them
  defineFunction({ ...spec, uses, handler });
  defineFunction({ ...spec, uses: { plain: plain.grant("send") }, handler });
  defineFunction({ ...spec, uses: { plain: plain.grant("send") }, targets: ["gcp"], handler });
});

it("takes a delay only where the queue was declared with delays", async () => {
  const ports = memoryPorts();
  const delayed = reminders.grant("send").connect(ports, scope);
  type Options = Parameters<(typeof delayed)["send"]>[1];
  expectTypeOf<Options>().toEqualTypeOf<SendOptions | undefined>();
  await delayed.send({ ref: "main" }, { delaySeconds: 60 });
  expect(ports.queue.take("reminders")).toEqual([]);
  const client = plain.grant("send").connect(ports, scope);
  // @ts-expect-error -- the queue has no delays
  await client.send({ ref: "main" }, { delaySeconds: 60 });
});

it("does not start on a queue that cannot do what the function needs, and says so", () => {
  const pubsub = { queue: { ...memoryQueue(), name: "pubsub", maxDelaySeconds: 0 } };
  expect(() => checkCapabilities(remind(), pubsub)).toThrow(
    expect.objectContaining({
      code: "failed_precondition",
      message: expect.stringMatching(/^host\.bind: remind .*"reminders".*900 s.*pubsub.*0 s;/),
    }),
  );
  expect(() => checkCapabilities(remind(), { queue: memoryQueue() })).not.toThrow();
  const just = { ...memoryQueue(), maxDelaySeconds: needs.delay.delaySeconds - 1 };
  expect(() => checkCapabilities(remind(), { queue: just })).toThrow("host.bind");
});

queueDefinitionConformance();
