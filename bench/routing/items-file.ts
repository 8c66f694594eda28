import { closeSync, openSync, writeSync } from "node:fs";
import { PER_SCOPE, usePlace } from "../../shared/routing/index.ts";
import { InputError } from "./input-error.ts";
import { CLOUDS } from "./model.ts";
import type { Item, Scenario } from "./replay.ts";
import { listUsd } from "./run-seed.ts";

const CHUNK = 1 << 16;

/** Writes scored calls as JSON lines: what was billed for each, at list prices and as its part of the bill. */
export class ItemsFile {
  readonly #descriptor: number;
  #text = "";

  constructor(file: string) {
    try {
      this.#descriptor = openSync(file, "w");
    } catch (error) {
      throw new InputError(
        `${file}: cannot be written (${error instanceof Error ? error.message : ""})`,
      );
    }
  }

  write(item: Item, scenario: Scenario): void {
    const { world } = scenario;
    const place = item.fn * CLOUDS.length + item.arm;
    const usage = new Float64Array(scenario.prices.length);
    usePlace(world, place, 1, item.billedSeconds, usage);
    const at = item.arm * PER_SCOPE;
    const home = world.home[item.fn] ?? -1;
    this.#text += `${JSON.stringify({
      atMs: Math.round(item.atMs),
      function: world.trace.functions[item.fn]?.name,
      arm: CLOUDS[item.arm],
      cold: item.cold,
      memoryMb: world.memoryMb[place],
      billedSeconds: item.billedSeconds,
      requests: usage[at],
      gbSeconds: usage[at + 1],
      vcpuSeconds: usage[at + 2],
      answerGb: world.answerGb[item.fn],
      dataGb: home >= 0 && home !== item.arm ? world.dataGb[item.fn] : 0,
      dataHome: CLOUDS[home] ?? null,
      listUsd: listUsd(scenario, usage),
      costUsd: item.usd,
    })}\n`;
    if (this.#text.length > CHUNK) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#descriptor);
  }

  #flush(): void {
    writeSync(this.#descriptor, this.#text);
    this.#text = "";
  }
}
