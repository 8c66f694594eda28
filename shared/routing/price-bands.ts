/** Between what and what a figure is believed. */
export type Band = { readonly least: number; readonly most: number };

/**
 * What list prices of AWS, Azure and Google are between, with room of about twenty times on both sides, by unit in USD.
 * A price per thousand taken for one per million falls outside, and so do cents for dollars in a price of run time.
 */
export const priceBands = {
  millionRequests: { least: 0.01, most: 10 },
  gbSecond: { least: 1e-6, most: 5e-4 },
  /** Where vCPUs are billed apart, memory is a small part of the bill. */
  gbSecondBesideVcpu: { least: 2e-7, most: 5e-5 },
  vcpuSecond: { least: 1e-6, most: 1e-3 },
  egressGb: { least: 0.002, most: 2 },
  /** From a read of a table (0.036) to a write of an object (5). */
  millionOperations: { least: 0.005, most: 60 },
  messageTib: { least: 1, most: 1000 },
} as const satisfies Record<string, Band>;

/** What a figure is a price of. */
export type PricedUnit = keyof typeof priceBands;

/** Whether a figure lies in a band; what is missing or no number does not. */
export function isBelieved(value: number | undefined, { least, most }: Band): boolean {
  return value !== undefined && value >= least && value <= most;
}
