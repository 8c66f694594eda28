import type { Fields, Level, Scope } from "./driver.ts";
import type { TelemetryPorts } from "./trace.ts";

/** Log lines of one invocation; each carries who, where and which trace. */
export class Logger {
  readonly #ports: Omit<TelemetryPorts, "random">;
  readonly #scope: Scope;

  constructor(ports: Omit<TelemetryPorts, "random">, scope: Scope) {
    this.#ports = ports;
    this.#scope = scope;
  }

  /** What only a developer of this function wants to see. */
  debug(message: string, fields?: Fields): void {
    this.#write("debug", message, fields);
  }

  /** What happened. */
  info(message: string, fields?: Fields): void {
    this.#write("info", message, fields);
  }

  /** What went wrong and will be tried again or did no harm. */
  warn(message: string, fields?: Fields): void {
    this.#write("warn", message, fields);
  }

  /** What went wrong and stays wrong unless somebody acts. */
  error(message: string, fields?: Fields): void {
    this.#write("error", message, fields);
  }

  #write(level: Level, message: string, fields: Fields | undefined): void {
    const { telemetry, clock } = this.#ports;
    const scope = this.#scope;
    telemetry.log({ level, message, timeMs: clock.now(), scope, fields: plain(fields) });
  }
}

const none: Fields = {};

/**
 * Types admit plain values only, but a cast or plain JavaScript may hand in an object: it is recorded as its
 * text, which for a secret is `[secret]`, and never serialised member by member.
 */
function plain(fields: Fields | undefined): Fields {
  if (fields === undefined) return none;
  for (const key in fields) {
    if (typeof fields[key] === "object") return Object.fromEntries(plainEntries(fields));
  }
  return fields;
}

function plainEntries(fields: Fields): [string, Fields[string]][] {
  return Object.entries(fields).map(([key, value]) => [
    key,
    typeof value === "object" ? String(value) : value,
  ]);
}
