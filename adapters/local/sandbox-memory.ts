import { readField } from "#shared/webhooks";
import type { Journal } from "./sandbox.ts";
import type { Route } from "./sandbox-routes.ts";

/** Enough to look through what a demo did, and bounded for whoever leaves it running. */
const MAX_REMEMBERED = 1_000;

/** What the sandbox has been asked and has answered since it started. */
export class SandboxMemory {
  readonly #now: () => number;
  readonly #counts = new Map<string, number>();
  /** How often each sequence was asked, by its first route: others may have its path. */
  readonly #turns = new Map<Route, number>();
  readonly #exchanges = new Map<string, unknown[]>();
  #issued = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Keeps a request and its answer as one record, newest first; the answer's members win. */
  remember(route: Route, asked: object, answered: unknown): void {
    const name = `${route.integration} ${route.label}`;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    const record = { ...asked, ...(typeof answered === "object" ? answered : {}) };
    const kept = this.#exchanges.get(name) ?? [];
    this.#exchanges.set(name, [record, ...kept].slice(0, MAX_REMEMBERED));
  }

  /** The next route of a recorded sequence; it begins again after its end. */
  turn(routes: readonly Route[]): Route | undefined {
    const [first] = routes;
    if (first === undefined || routes.length === 1) return first;
    const turn = this.#turns.get(first) ?? 0;
    this.#turns.set(first, turn + 1);
    return routes[turn % routes.length];
  }

  recall(integration: string, label: string): readonly unknown[] {
    return this.#exchanges.get(`${integration} ${label}`) ?? [];
  }

  counts(): Journal {
    return Object.fromEntries(this.#counts);
  }

  /** A value that was not there before: a Slack timestamp, a number, a time. */
  fresh(kind: string): string | number {
    this.#issued += 1;
    const nowMs = this.#now();
    if (kind === "ts") {
      return `${Math.floor(nowMs / 1000)}.${String(this.#issued % 1_000_000).padStart(6, "0")}`;
    }
    return kind === "time" ? new Date(nowMs).toISOString() : nowMs * 1_000 + (this.#issued % 1_000);
  }
}

export type TemplateScope = {
  readonly asked: object;
  readonly memory: SandboxMemory;
  readonly integration: string;
};

/**
 * Fills in an answer. `$fresh:ts`, `$fresh:id` and `$fresh:time` are new values, `$request:a.b` is a member of the
 * request's query or body, `$journal:POST /path` is the list of what that recorded request was asked and answered.
 */
export function renderTemplate(template: unknown, scope: TemplateScope): unknown {
  if (typeof template === "string") return renderText(template, scope);
  if (Array.isArray(template)) return template.map((item) => renderTemplate(item, scope));
  if (typeof template !== "object" || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([name, value]) => [name, renderTemplate(value, scope)]),
  );
}

function renderText(text: string, { asked, memory, integration }: TemplateScope): unknown {
  const match = /^\$(fresh|request|journal):(.+)$/.exec(text);
  if (match === null) return text;
  const [, kind, argument = ""] = match;
  if (kind === "fresh") return memory.fresh(argument);
  return kind === "request" ? readField(asked, argument) : memory.recall(integration, argument);
}
