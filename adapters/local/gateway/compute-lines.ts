import type { LineKind, ReceiptLine } from "#shared/console";
import { toPicoUsd } from "#shared/metering";
import { billedUnits, type Tariff } from "#shared/routing";

/** A call's own run, and what left with its answer. */
export type ComputeUse = {
  /** The runtime's name. */
  readonly product: string;
  readonly durationMs: number;
  readonly memoryMb: number;
  readonly egressBytes: number;
};

/** All clouds sell the GB of traffic as 2^30 bytes. */
const BYTES_PER_GB = 2 ** 30;

/** What the run of a call itself is billed. Kinds that a cloud does not bill have no line. */
export function computeLines(tariff: Tariff, run: ComputeUse): ReceiptLine[] {
  const { product, egressBytes } = run;
  const { requests, gbSeconds, vcpuSeconds } = billedUnits(tariff, run);
  const line = (kind: LineKind, units: number, usd: number): ReceiptLine => ({
    kind,
    product,
    units,
    picoUsd: toPicoUsd(units * usd),
  });
  return [
    line("requests", requests, tariff.usdPerMillionRequests / 1e6),
    line("gbSeconds", gbSeconds, tariff.usdPerGbSecond),
    line("vcpuSeconds", vcpuSeconds, tariff.usdPerVcpuSecond),
    line("egressBytes", egressBytes, tariff.usdPerEgressGb / BYTES_PER_GB),
  ].filter(({ units }) => units > 0);
}
