import { cron, defineFunction, httpTrigger, scheduleTrigger, type Tick } from "#shared/function";
import { bindFunction } from "#shared/host";
import { memoryState } from "#shared/state";
import { memoryPorts } from "#shared/testing";
import { expect, it } from "vitest";
import * as z from "zod";

const slotMs = Date.UTC(2026, 10, 21, 3);
const meta = { id: "i", remainingMs: () => 60_000 };

it("runs a slot once for three deployments that share the home of its record", async () => {
  const ticks: Tick[] = [];
  const definition = defineFunction({
    name: "nightly",
    summary: "A test.",
    trigger: scheduleTrigger(cron("0 3 * * *")),
    input: z.unknown(),
    uses: {},
    handler: async (_, tick) => void ticks.push(tick),
  });
  const home = memoryState();
  for (const [index, runtime] of ["aws", "azure", "gcp"].entries()) {
    const ports = memoryPorts();
    const bound = bindFunction(definition, { ...ports, state: home }, runtime);
    await bound.tick({ slotMs, firedAtMs: slotMs + 61_000 + index }, meta);
  }
  expect(ticks).toEqual([
    {
      slot: new Date(slotMs),
      firedAt: new Date(slotMs + 61_000),
      late: true,
      key: "nightly@2026-11-21T03:00:00.000Z",
      fence: 1,
    },
  ]);
});

it("refuses to tick what has no schedule", async () => {
  const definition = defineFunction({
    name: "no-schedule",
    summary: "A test.",
    trigger: httpTrigger("GET", "/x"),
    input: z.unknown(),
    uses: {},
    handler: async () => undefined,
  });
  const bound = bindFunction(definition, memoryPorts(), "aws");
  await expect(bound.tick({ slotMs, firedAtMs: slotMs }, meta)).rejects.toMatchObject({
    code: "failed_precondition",
  });
});
