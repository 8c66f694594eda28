import type { Model } from "./model.ts";

export const FAULTS = ["none", "down", "slow", "price", "all"] as const;
export type FaultName = (typeof FAULTS)[number];

/** What goes wrong, and when, in ms of the day; `arm` is -1 where that does not happen. */
export type Faults = {
  readonly name: FaultName;
  readonly down: Outage;
  readonly slow: Outage & { readonly factor: number };
  readonly price: { readonly arm: number; readonly fromMs: number; readonly factor: number };
};

type Outage = { readonly arm: number; readonly fromMs: number; readonly toMs: number };

/** The script of a fault that hits one arm. */
export function scriptOf(name: FaultName, arm: number, model: Model): Faults {
  const hit = (which: FaultName): number => (name === which || name === "all" ? arm : -1);
  const { downMinutes: down, slowMinutes: slow } = model;
  return {
    name,
    down: { arm: hit("down"), fromMs: down.from * 60_000, toMs: down.to * 60_000 },
    slow: {
      arm: hit("slow"),
      fromMs: slow.from * 60_000,
      toMs: slow.to * 60_000,
      factor: slow.factor,
    },
    price: {
      arm: hit("price"),
      fromMs: model.priceChangeAtMinute * 60_000,
      factor: model.priceChangeFactor,
    },
  };
}

export function isDown({ down }: Faults, arm: number, atMs: number): boolean {
  return arm === down.arm && atMs >= down.fromMs && atMs < down.toMs;
}

/** How much longer than usual a call takes that starts now. */
export function slowdown({ slow }: Faults, arm: number, atMs: number): number {
  return arm === slow.arm && atMs >= slow.fromMs && atMs < slow.toMs ? slow.factor : 1;
}
