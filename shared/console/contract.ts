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
   * message's state is, `failover` after another runtime gave no answer, `pinned` by the caller.
   */
  readonly reason: "cheapest" | "trial" | "home" | "failover" | "pinned";
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
  /** The receipt at list prices, before any grant. */
  readonly costUsd: number;
  readonly httpStatus: number | null;
  /** Code and message of the fault of a failed run. */
  readonly fault: string | null;
};

/** Billed units of one call that runs alone. */
export type Receipt = {
  readonly requests: number;
  readonly gbSeconds: number;
  readonly vcpuSeconds: number;
  readonly egressBytes: number;
};

/** Sums of receipts. */
export type CostSum = Omit<Receipt, "requests"> & { readonly calls: number; readonly usd: number };

/** `GET /v1/costs`: a month (`YYYY-MM`, UTC), its receipts added up. */
export type CostReport = {
  readonly month: string;
  readonly total: CostSum;
  readonly runtimes: readonly (CostSum & {
    readonly runtime: string;
    /** What is free there each month. */
    readonly grant: {
      readonly requests: number;
      readonly gbSeconds: number;
      readonly vcpuSeconds: number;
      readonly egressGb: number;
    } | null;
  })[];
  readonly functions: readonly (CostSum & { readonly function: string })[];
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

/** A frame of `GET /v1/events`. */
export type LiveEvent =
  | { readonly type: "run"; readonly data: Run }
  | { readonly type: "health"; readonly data: Health }
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
