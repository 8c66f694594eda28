import { queue } from "#shared/queue";
import { conformanceSuite } from "#shared/testing";
import { expect } from "vitest";
import * as z from "zod";
import { defineFunction, type FunctionDefinition } from "./define-function.ts";
import { ack } from "./results.ts";
import { queueTrigger } from "./triggers.ts";

const schema = z.object({ ref: z.string() });

/** What a definition refuses when it is made, before any cloud is asked. */
export function queueDefinitionConformance(): void {
  conformanceSuite({ port: "queue definition", driver: "every cloud" }, {}, (rule) => {
    rule("Q14", "a queue must hide a message for as long as its handler may run", async () => {
      expect(() => declare(29, 30)).toThrow(expect.objectContaining({ code: "invalid_argument" }));
      expect(declare(30, 30).limits.timeoutSeconds).toBe(30);
    });
  });
}

function declare(visibilitySeconds: number, timeoutSeconds: number): FunctionDefinition {
  return defineFunction({
    name: "work-off",
    summary: "Works jobs off",
    trigger: queueTrigger(queue("jobs", { schema, visibilitySeconds })),
    input: schema,
    limits: { timeoutSeconds },
    uses: {},
    handler: async () => ack(),
  });
}
