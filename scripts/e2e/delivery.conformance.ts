import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { eventually, newCommit, type RunningProduct, RUNTIMES } from "./running-product.ts";

const CHAIN = ["integration-github-actions", "pulse-fold", "pulse-publish", "integration-slack"];
const FIELDS = "level message timestamp service function runtime invocation tenant".split(" ");

/** From a webhook to the post it leads to, on every runtime, whatever engines are beneath. */
export function deliveryConformance(engines: string, running: () => RunningProduct): void {
  it.each(RUNTIMES)(
    `carries one trace from %s's front door to the handler behind the queue (${engines})`,
    async (runtime) => {
      const product = running();
      const delivery = randomUUID();
      const traceId = randomUUID().replaceAll("-", "");
      const { headers, body } = product.push(newCommit(), delivery);
      const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;
      const send = () =>
        product.call("POST", "/v1/webhooks/github-actions/default", {
          headers: { ...headers, traceparent, "x-auterity-target": runtime },
          body,
        });
      expect(await send()).toMatchObject({ status: 202, json: { id: delivery } });
      const runs = await eventually(async () => {
        const found = await product.runsOf(delivery);
        const isOver = (name: string): boolean =>
          found.some((run) => run.function === name && run.status === "ok");
        return CHAIN.every(isOver) ? found : undefined;
      });
      const traces = new Set(runs.map((run) => run.traceparent.slice(3, 35)));
      expect(traces).toEqual(new Set([traceId]));
      expect(new Set(runs.map((run) => run.runtime))).toEqual(new Set([runtime]));
      const lines = product.logs.filter((line) => line["trace_id"] === traceId);
      expect(new Set(lines.map((line) => line["function"]))).toEqual(new Set(CHAIN));
      for (const line of lines) expect(Object.keys(line)).toEqual(expect.arrayContaining(FIELDS));
      expect(await send()).toMatchObject({ json: { duplicate: true } });
    },
  );
}
