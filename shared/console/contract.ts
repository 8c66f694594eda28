import type { Operation } from "#shared/operations";

/** The HTTP contract between the product and its console, its client SDK and anyone's scripts. */

export type HostState = "starting" | "up" | "down";

/** `GET /healthz`; 503 until every host is up. */
export type Health = {
  readonly status: "ok" | "degraded";
  readonly hosts: Readonly<Record<string, HostState>>;
};

/** JSON Schema 2020-12, as zod renders it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export type CatalogueAction = {
  readonly id: string;
  readonly summary: string;
  readonly docs: string;
  readonly effect: "read" | "write";
  /** How a write stays one write when it is sent twice; `null` for a read. */
  readonly idempotency: "header" | "field" | "natural" | "none" | null;
  readonly scopes: readonly string[];
  readonly input: JsonSchema;
  readonly output: JsonSchema;
};

/** One integration in `GET /v1/integrations` (without actions and events) and `GET /v1/integrations/{id}`. */
export type CatalogueEntry = {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly category: string;
  readonly docs: string;
  readonly auth: {
    readonly kind: string;
    /** Fields of a connection, and the variable each is read from locally. */
    readonly fields: readonly {
      readonly name: string;
      readonly label: string;
      readonly required: boolean;
      readonly variable: string;
    }[];
  };
  readonly actions: readonly CatalogueAction[];
  readonly events: readonly { readonly type: string; readonly payload: JsonSchema }[];
  readonly limits: readonly unknown[];
};

/** One deployed function in `GET /v1/functions`. */
export type FunctionInfo = {
  readonly name: string;
  readonly summary: string;
  readonly trigger: "http" | "queue" | "schedule" | "topic" | "webhook";
  /** Routes, queue, schedule or subscription, in words. */
  readonly on: string;
  readonly targets: readonly string[];
  readonly uses: readonly {
    readonly name: string;
    readonly kind: string;
    readonly resource: string;
    readonly verbs: readonly string[];
  }[];
  readonly limits: { readonly timeoutSeconds: number; readonly memoryMb: number };
  readonly input: JsonSchema;
};

export type RunStatus = "running" | "ok" | "failed";

/** Why a call ran where it ran. */
export type Decision = {
  readonly runtime: string;
  /**
   * `cheapest` at the present value of every resource, `trial` to learn what another runtime costs, `home` where a
   * message's state is, `publish` on the queue that was chosen when a message was sent, `failover` after another runtime gave no answer, `hedge` while another is slow to answer,
   * `pinned` by the caller.
   */
  readonly reason: "cheapest" | "trial" | "home" | "publish" | "failover" | "hedge" | "pinned";
  /** The epoch of prices that the router decided with; not there where nothing was to be decided. */
  readonly epoch?: number;
  /** What the router saw of every runtime: USD at the value of the grants, and what kept it out. */
  readonly arms?: readonly {
    readonly runtime: string;
    readonly verdict: string;
    readonly scoreUsd: number | null;
  }[];
};

/** One invocation in `GET /v1/runs`. */
export type Run = {
  readonly id: string;
  readonly function: string;
  readonly trigger: FunctionInfo["trigger"];
  readonly tenant: string;
  /** What was asked for within the function: an action, a queue, a slot. */
  readonly operation: string;
  readonly runtime: string;
  readonly status: RunStatus;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly traceparent: string;
  /** The webhook event it was caused by. */
  readonly event: string | null;
  readonly decision: Decision;
  /** What the cloud would bill for it, after its rounding. */
  readonly receipt: Receipt;
  /** The sum of the receipt's lines: list prices, before any grant. */
  readonly costUsd: number;
  readonly httpStatus: number | null;
  /** Code and message of the fault of a failed run. */
  readonly fault: string | null;
};

/** What is billed: the call's own run, what left with its answer, operations of other services, and models' tokens. */
export type LineKind =
  | "requests"
  | "gbSeconds"
  | "vcpuSeconds"
  | "egressBytes"
  | Operation
  | "inputTokens"
  | "outputTokens"
  | "cacheReadTokens"
  | "cacheWriteTokens";

/** Billed units of one kind at one product. */
export type ReceiptLine = {
  readonly kind: LineKind;
  /** The driver or the model; the runtime itself where it is none of these. */
  readonly product: string;
  /** After the vendor's rounding. */
  readonly units: number;
  /** In 1e-12 USD, a whole number: sums of these are exact. */
  readonly picoUsd: number;
  /** The vendor bills what it measures; this comes close. */
  readonly estimated?: true;
};

/** What one call is billed that runs alone, at list prices. */
export type Receipt = {
  readonly requests: number;
  readonly gbSeconds: number;
  readonly vcpuSeconds: number;
  readonly egressBytes: number;
  readonly lines: readonly ReceiptLine[];
};

/** Sums of receipts. */
export type CostSum = Omit<Receipt, "requests" | "lines"> & {
  readonly calls: number;
  readonly usd: number;
  /** The same exactly, in 1e-12 USD; text, because a year's may be more than a number holds. */
  readonly picoUsd: string;
};

/** What a month had of one kind of unit at one product, all calls together. */
export type CostLine = Omit<ReceiptLine, "picoUsd"> &
  Pick<CostSum, "usd" | "picoUsd"> & { readonly runtime: string };

/** How much of what is free each month is used up. */
export type GrantUse = {
  readonly runtime: string;
  /** A kind of unit of the runtime itself, or what several operations share. */
  readonly grant: string;
  readonly used: number;
  readonly granted: number;
  /** Used by granted; above 1 where it is spent. */
  readonly share: number;
  /** What will be used when the month ends, if it goes on as it has so far. */
  readonly projected: number;
};

/** `GET /v1/costs`: a month (`YYYY-MM`, UTC), its receipts added up; every list adds up to the total. */
export type CostReport = {
  readonly month: string;
  readonly total: CostSum;
  readonly tenants: readonly (CostSum & { readonly tenant: string })[];
  readonly runtimes: readonly (CostSum & { readonly runtime: string })[];
  readonly functions: readonly (CostSum & { readonly function: string })[];
  readonly lines: readonly CostLine[];
  readonly grants: readonly GrantUse[];
};

/** One cloud in `GET /v1/replication`: what it knows of the members, and how far the others are behind it. */
export type ReplicaReport = {
  readonly cloud: string;
  readonly epoch: number;
  readonly home: string;
  readonly clouds: readonly string[];
  readonly isHome: boolean;
  readonly peers: Readonly<
    Record<
      string,
      {
        readonly lagMs: number;
        readonly lastSentAtMs: number | null;
        readonly sentRows: number;
        readonly fault: string | null;
      }
    >
  >;
};

/** `GET /v1/replication`: no items where all clouds work on one store. */
export type ReplicationReport = { readonly items: readonly ReplicaReport[] };

/** `GET /v1/runs`: newest first; `cursor` continues with `?before=`. */
export type RunPage = { readonly items: readonly Run[]; readonly cursor: string | null };

/** A tenant has passed the soft limit of its budget; told once a month. */
export type BudgetNotice = {
  readonly tenant: string;
  readonly spentUsd: number;
  readonly softUsd: number;
  readonly hardUsd: number;
};

/** A frame of `GET /v1/events`. */
export type LiveEvent =
  | { readonly type: "run"; readonly data: Run }
  | { readonly type: "health"; readonly data: Health }
  | { readonly type: "budget"; readonly data: BudgetNotice }
  | { readonly type: "log"; readonly data: { readonly runtime: string; readonly line: string } };

/** What `GET /v1/routes` signs: where a client may call each function directly. */
export type RouteTable = {
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  readonly functions: readonly {
    readonly name: string;
    readonly arms: readonly {
      readonly runtime: string;
      readonly url: string;
      readonly up: boolean;
      /** What the router expects a call to cost there, in USD at the value of the grants; null where it sends none. */
      readonly usd: number | null;
    }[];
  }[];
};

/** A signed route table: Ed25519 over the exact text of `payload`. */
export type SignedRouteTable = {
  readonly payload: string;
  readonly signature: string;
  readonly keyId: string;
  readonly publicKey: string;
};
