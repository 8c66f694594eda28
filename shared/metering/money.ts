/** Money is counted in whole 1e-12 USD: a millisecond of 128 MB is 2e-9 USD, and sums of whole numbers are exact. */
export const PICO_PER_USD = 1e12;

/** An amount as it is counted; exact up to 9,000 USD, which no call costs. */
export function toPicoUsd(usd: number): number {
  return Math.round(usd * PICO_PER_USD);
}

/** An amount as it is shown. */
export function toUsd(picoUsd: number | bigint): number {
  return Number(picoUsd) / PICO_PER_USD;
}
