import { Fault } from "#shared/errors";
import type * as z from "zod";
import type { BaseContext, Context } from "./context.ts";
import type { Portable } from "./capabilities.ts";
import type { Uses } from "./grant.ts";
import type { HttpInput } from "./http.ts";
import type { QueueOutcome } from "./results.ts";
import type { TopicTrigger, Trigger } from "./triggers.ts";

/** A cloud that a function is deployed to. */
export type Target = "aws" | "azure" | "gcp";

export type Limits = { readonly timeoutSeconds: number; readonly memoryMb: number };

/** How soon answers have to come. */
export type Slo = {
  /** So long may 95 of 100 answers take, cold starts included. */
  readonly p95Ms: number;
  /**
   * Whether a call that only reads and takes longer than usual is made a second time on another cloud, at most one call in
   * twenty; the first answer counts, and both are paid for.
   */
  readonly hedge?: true;
};

/** A queue message as its handler sees it. */
export type Message<Body> = {
  readonly id: string;
  readonly attempt: number;
  readonly enqueuedAtMs: number;
  readonly body: Body;
};

/** A moment of a schedule. */
export type Tick = {
  readonly slot: Date;
  readonly firedAt: Date;
  /** Delivered more than a minute after its time. */
  readonly late: boolean;
  /** The same for every run of this slot on every cloud: an effect that carries it is recognised when it is repeated. */
  readonly key: string;
  /** Higher than that of every earlier run of this slot. */
  readonly fence: number;
};

/** A verified, stored webhook event. */
export type WebhookEvent<Payload> = {
  /** The vendor's delivery id. */
  readonly id: string;
  readonly type: string;
  readonly connection: string;
  readonly receivedAtMs: number;
  readonly payload: Payload;
};

/** An event of a topic as its subscriber sees it. */
export type TopicEvent<Data, Type extends string = string> = {
  /** By which a repeat is recognised: events may arrive more than once, and in any order. */
  readonly id: string;
  readonly type: Type;
  readonly subject?: string;
  /** Who published it; together with the id it is unique. */
  readonly source: string;
  readonly occurredAtMs: number;
  readonly data: Data;
};

/** A request whose bytes were left alone, with the matched route's parameters. */
export type RawRequest = HttpInput & { readonly params: Readonly<Record<string, string>> };

/** What the handler takes, by trigger. */
export type HandlerInput<T extends Trigger, Parsed> = T extends { readonly kind: "queue" }
  ? Message<Parsed>
  : T extends { readonly kind: "schedule" }
    ? Tick
    : T extends { readonly kind: "webhook" }
      ? WebhookEvent<Parsed>
      : T extends TopicTrigger<infer Type>
        ? TopicEvent<Parsed, Type>
        : Parsed;

/** What the handler gives, by trigger. */
export type HandlerOutput<T extends Trigger> = T extends { readonly kind: "queue" }
  ? QueueOutcome
  : T extends { readonly kind: "webhook" | "topic" }
    ? QueueOutcome | undefined | void
    : T extends { readonly kind: "schedule" }
      ? void
      : unknown;

export type FunctionSpec<
  T extends Trigger,
  I extends z.ZodType,
  U extends Uses,
  Targets extends readonly Target[] = readonly Target[],
> = {
  /** kebab-case, at most 40 characters: the shortest limit of the three clouds with our prefix. */
  readonly name: string;
  readonly summary: string;
  readonly trigger: T;
  /** The agreed shape of what comes in; OpenAPI, MCP and the console's form are made from it. */
  readonly input: I;
  /** The shape of an HTTP function's answer, for the catalogue; the handler may give less formal replies. */
  readonly output?: z.ZodType;
  readonly uses: U;
  /** All clouds where it is left out. */
  readonly targets?: Targets;
  readonly limits?: Partial<Limits>;
  /** At most one effect per tenant and key; a repeat within the time gets the stored answer. */
  readonly idempotency?: {
    readonly key: (input: HandlerInput<T, z.output<I>>) => string | undefined;
    readonly ttlSeconds: number;
  };
  /** What the router must hold while it minimises cost. */
  readonly slo?: Slo;
  readonly handler: (
    ctx: Context<U>,
    input: HandlerInput<T, z.output<I>>,
  ) => Promise<HandlerOutput<T>>;
};

/** Input that passed the schema, ready to run once the host allows it. */
export type Prepared = {
  readonly idempotencyKey: string | undefined;
  run(ctx: BaseContext): Promise<unknown>;
};

/** A declared function: data, and the one way to run it. Importing or creating it has no effect. */
export type FunctionDefinition = {
  readonly name: string;
  readonly summary: string;
  readonly trigger: Trigger;
  readonly input: z.ZodType;
  readonly output: z.ZodType | undefined;
  readonly uses: Uses;
  readonly targets: readonly Target[];
  readonly limits: Limits;
  readonly idempotencyTtlSeconds: number | undefined;
  readonly slo: Slo | undefined;
  /**
   * Checks raw input against the schema. `wrap` puts the parsed value into what this trigger's handler takes.
   * Throws `invalid_argument` from `caller`, naming the first field that does not fit.
   */
  prepare(raw: unknown, wrap: (parsed: unknown) => unknown): Prepared;
};

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const defaults: Limits = { timeoutSeconds: 30, memoryMb: 256 };

/**
 * Declares a function once for all clouds. Throws `invalid_argument` for a name no cloud would take, and for a queue that
 * would show a message again while its handler may still run. A target that lacks what `uses` needs does not compile.
 * The result is pure data: deploy files, permissions, catalogue and entries are derived from it.
 */
export function defineFunction<
  const T extends Trigger,
  I extends z.ZodType,
  const U extends Uses = Record<never, never>,
  const Targets extends readonly Target[] = readonly Target[],
>(spec: FunctionSpec<T, I, U, Targets> & Portable<U, Targets>): FunctionDefinition {
  if (!NAME.test(spec.name) || spec.name.length > 40) {
    throw new Fault(
      "invalid_argument",
      `function.define: "${spec.name}" is no portable name; use kebab-case of at most 40 characters`,
    );
  }
  checkVisibility(spec.name, spec.trigger, spec.limits?.timeoutSeconds ?? defaults.timeoutSeconds);
  return {
    name: spec.name,
    summary: spec.summary,
    trigger: spec.trigger,
    input: spec.input,
    output: spec.output,
    uses: spec.uses,
    targets: spec.targets ?? ["aws", "azure", "gcp"],
    limits: { ...defaults, ...spec.limits },
    idempotencyTtlSeconds: spec.idempotency?.ttlSeconds,
    slo: spec.slo,
    prepare(raw, wrap) {
      const parsed = spec.input.safeParse(raw);
      if (!parsed.success) throw invalidInput(spec.name, parsed.error);
      // The host wraps by trigger kind; the type above says what the kind's wrapper makes.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a definition is stored without its types
      const input = wrap(parsed.data) as HandlerInput<T, z.output<I>>;
      return {
        idempotencyKey: spec.idempotency?.key(input),
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the host adds the granted clients to the base
        run: (ctx) => spec.handler(ctx as Context<U>, input),
      };
    },
  };
}

// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html refuses the same.
function checkVisibility(name: string, trigger: Trigger, timeoutSeconds: number): void {
  if (trigger.kind !== "queue" || trigger.queue.visibilitySeconds >= timeoutSeconds) return;
  throw new Fault(
    "invalid_argument",
    `function.define: ${name} may run for ${timeoutSeconds} s, and its queue hides a message for ${trigger.queue.visibilitySeconds} s; raise visibilitySeconds or lower timeoutSeconds`,
  );
}

function invalidInput(name: string, error: z.ZodError): Fault {
  const [issue] = error.issues;
  const field = issue?.path.join(".") || "input";
  return new Fault("invalid_argument", `${name}: ${field}: ${issue?.message ?? "does not fit"}`, {
    origin: "caller",
    details: { field, issues: error.issues.length },
  });
}
