import type { MetricRecord, Scope } from "./driver.ts";
import type { TelemetryPorts } from "./trace.ts";

/** Measurements of one invocation. */
export class Metrics {
  readonly #ports: Omit<TelemetryPorts, "random">;
  readonly #scope: Scope;

  constructor(ports: Omit<TelemetryPorts, "random">, scope: Scope) {
    this.#ports = ports;
    this.#scope = scope;
  }

  /** How often something happened. */
  count(name: string, value = 1): void {
    this.#write(name, "count", value);
  }

  /** How long something took. */
  milliseconds(name: string, value: number): void {
    this.#write(name, "milliseconds", value);
  }

  /** How large something was. */
  bytes(name: string, value: number): void {
    this.#write(name, "bytes", value);
  }

  #write(name: string, unit: MetricRecord["unit"], value: number): void {
    const { telemetry, clock } = this.#ports;
    telemetry.metric({ name, unit, value, timeMs: clock.now(), scope: this.#scope });
  }
}
