/** The figures of a price book, each of which has to say where it was read. */
type Figures = {
  readonly usdPerMillionRequests: number;
  readonly usdPerGbSecond: number;
  /** 0 where CPU comes with the memory. */
  readonly usdPerVcpuSecond: number;
  readonly minBilledMs: number;
  readonly billingStepMs: number;
  readonly minMemoryMb: number;
  /** Memory is rounded up to a multiple of this. */
  readonly memoryStepMb: number;
};

/** List prices of one cloud's function runtime: on demand, before grants, discounts and taxes. */
export type PriceBook = Figures & {
  /** The plan and region tier that the figures belong to. */
  readonly plan: string;
  /** vCPUs that come with a memory size, smallest first; empty where CPU is not billed apart. */
  readonly vcpuByMemory: readonly { readonly memoryMb: number; readonly vcpu: number }[];
  /** The day from which these prices were known to hold, `YYYY-MM-DD`. */
  readonly effectiveFrom: string;
  readonly sources: Readonly<Record<keyof Figures, string>>;
};

/** What one invocation used, as the platform meters it. */
export type Usage = { readonly durationMs: number; readonly memoryMb: number };

const MB_PER_GB = 1024;

/**
 * The marginal list price of one invocation in USD, as if it ran alone: sharing of an instance by concurrent
 * calls and monthly grants lower the bill, never this figure.
 */
export function costUsd(book: PriceBook, { durationMs, memoryMb }: Usage): number {
  const steps = Math.ceil(Math.max(durationMs, book.minBilledMs) / book.billingStepMs);
  const seconds = (steps * book.billingStepMs) / 1000;
  const memory = Math.max(book.minMemoryMb, roundUp(memoryMb, book.memoryStepMb));
  return (
    book.usdPerMillionRequests / 1e6 +
    seconds * (memory / MB_PER_GB) * book.usdPerGbSecond +
    seconds * vcpuOf(book, memory) * book.usdPerVcpuSecond
  );
}

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

function vcpuOf({ vcpuByMemory }: PriceBook, memoryMb: number): number {
  const row = vcpuByMemory.find((entry) => entry.memoryMb >= memoryMb) ?? vcpuByMemory.at(-1);
  return row?.vcpu ?? 0;
}
