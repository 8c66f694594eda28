import {
  assert,
  constant,
  constantFrom,
  oneof,
  property,
  record,
  stringMatching,
  uniqueArray,
} from "fast-check";
import { describe, expect, it } from "vitest";
import { bindingsOf, Trigger, triggerOf } from "./triggers.ts";

describe("triggers", () => {
  const word = stringMatching(/^[a-z][a-z0-9]{2,20}$/);
  const methods = uniqueArray(constantFrom("get", "post", "put", "delete"), { minLength: 1 });
  const trigger = oneof(
    record({
      kind: constant("http"),
      auth: constantFrom("anonymous", "function", "admin"),
      methods,
      route: word,
    }),
    record({ kind: constant("timer"), schedule: constant("0 */5 * * * *") }),
    record({ kind: constant("storage-queue"), queueName: word, connection: word }),
    record({ kind: constant("service-bus-queue"), queueName: word, connection: word }),
    record({
      kind: constant("service-bus-topic"),
      topicName: word,
      subscriptionName: word,
      connection: word,
    }),
    record({ kind: constant("event-grid") }),
  );

  it("are read as they were written", () => {
    assert(
      property(trigger, (one) => {
        const written = Trigger.parse(one);
        expect(triggerOf({ bindings: bindingsOf(written) })).toEqual(written);
      }),
    );
  });

  it.each([
    [
      { bindings: [{ type: "blobTrigger", path: "in/{name}" }] },
      { kind: "other", type: "blobTrigger" },
    ],
    [
      { bindings: [{ type: "queueTrigger", queueName: "%Q%" }] },
      { kind: "other", type: "queueTrigger" },
    ],
    [{ bindings: [{ type: "constructorTrigger" }] }, { kind: "other", type: "constructorTrigger" }],
    [
      { bindings: [{ type: "httpTrigger", authLevel: "ANONYMOUS", methods: ["GET"] }] },
      { kind: "http", auth: "anonymous", methods: ["get"] },
    ],
    [
      { bindings: [{ type: "httpTrigger" }] },
      {
        kind: "http",
        auth: "function",
        methods: ["get", "post", "put", "patch", "delete", "head", "options"],
      },
    ],
    [{ bindings: [] }, undefined],
    [undefined, undefined],
  ])("of the vendor: %j", (config, expected) => {
    expect(triggerOf(config)).toEqual(expected);
  });
});
