/** The figures of a price book, each of which has to say where it was read. */
export type Figures = {
  readonly usdPerMillionRequests: number;
  readonly usdPerGbSecond: number;
  /** 0 where CPU comes with the memory. */
  readonly usdPerVcpuSecond: number;
  /** What the internet-bound GB of the first paid step costs. */
  readonly usdPerEgressGb: number;
  readonly minBilledMs: number;
  readonly billingStepMs: number;
  readonly minMemoryMb: number;
  /** The most that one instance can have; a function that needs more cannot run on this plan. */
  readonly maxMemoryMb: number;
  /** Memory is rounded up to a multiple of this. */
  readonly memoryStepMb: number;
};

/** What is free each month, in billed units, before the figures apply. It is shared by a whole billing account. */
export type Grant = {
  readonly requests: number;
  readonly gbSeconds: number;
  readonly vcpuSeconds: number;
  readonly egressGb: number;
};

/** What a call's cost is computed from, without the history of the figures. */
export type Tariff = Figures & Pick<PriceBook, "memorySizesMb" | "vcpuByMemory">;

/** List prices of one cloud's function runtime: on demand, before discounts and taxes. */
export type PriceBook = Figures & {
  /** The plan and region tier that the figures belong to. */
  readonly plan: string;
  /** The only memory sizes on offer, smallest first; empty where every step is on offer. */
  readonly memorySizesMb: readonly number[];
  /** vCPUs that come with a memory size, smallest first; empty where CPU is not billed apart. */
  readonly vcpuByMemory: readonly { readonly memoryMb: number; readonly vcpu: number }[];
  readonly grant: Grant;
  /**
   * How many units of the grant one billed unit uses up: 1, but 1.4 in Google's tier 2 regions, because that grant is
   * a discount in dollars at tier 1 prices (https://cloud.google.com/run/pricing).
   */
  readonly grantWeight: number;
  /** Zero is a price of egress only where a contract says so. */
  readonly isEgressFree?: true;
  /** The day from which these prices were known to hold, `YYYY-MM-DD`. */
  readonly effectiveFrom: string;
  readonly sources: Readonly<Record<keyof Figures | "grant", string>>;
};

/** What one invocation used, as the platform meters it. */
export type Usage = { readonly durationMs: number; readonly memoryMb: number };

/** What a provider bills for one invocation that runs alone, after its rounding. */
export type BilledUnits = {
  readonly requests: number;
  readonly gbSeconds: number;
  readonly vcpuSeconds: number;
};

const MB_PER_GB = 1024;

/**
 * The marginal list price of one invocation in USD, as if it ran alone: sharing of an instance by concurrent
 * calls and monthly grants lower the bill, never this figure. Egress is not in it.
 */
export function costUsd(book: Tariff, usage: Usage): number {
  const units = billedUnits(book, usage);
  return (
    (units.requests * book.usdPerMillionRequests) / 1e6 +
    units.gbSeconds * book.usdPerGbSecond +
    units.vcpuSeconds * book.usdPerVcpuSecond
  );
}

/** The units that a provider bills for one invocation, after its rounding of time and memory. */
export function billedUnits(book: Tariff, { durationMs, memoryMb }: Usage): BilledUnits {
  const seconds = billedSeconds(book, durationMs);
  const billedMb = billedMemoryMb(book, memoryMb);
  return {
    requests: 1,
    gbSeconds: (seconds * billedMb) / MB_PER_GB,
    vcpuSeconds: seconds * billedVcpu(book, billedMb),
  };
}

/** Seconds that are billed for a duration: raised to the minimum, then rounded up to the step. */
export function billedSeconds(
  { minBilledMs, billingStepMs }: Pick<Figures, "minBilledMs" | "billingStepMs">,
  durationMs: number,
): number {
  const counted = durationMs > minBilledMs ? durationMs : minBilledMs;
  return (Math.ceil(counted / billingStepMs) * billingStepMs) / 1000;
}

/** MB that are billed for a need: the next size on offer, or the largest there is. */
export function billedMemoryMb(book: Tariff, memoryMb: number): number {
  const { minMemoryMb, memoryStepMb, memorySizesMb } = book;
  const size = memorySizesMb.find((offered) => offered >= memoryMb) ?? memorySizesMb.at(-1);
  return size ?? Math.max(minMemoryMb, Math.ceil(memoryMb / memoryStepMb) * memoryStepMb);
}

/** vCPUs that are billed beside a memory size; 0 where they come with it. */
export function billedVcpu({ vcpuByMemory }: Tariff, memoryMb: number): number {
  const row = vcpuByMemory.find((entry) => entry.memoryMb >= memoryMb) ?? vcpuByMemory.at(-1);
  return row?.vcpu ?? 0;
}
