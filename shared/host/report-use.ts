import type { Use } from "#shared/function";
import type { Binding } from "./bind.ts";

/** What makes receipts. Loaded by the first call that asks anything of another service. */
export const metering = () => import("#shared/metering");

/** Tells who keeps receipts what a message or a tick asked of other services. Nothing fails for a receipt. */
export async function reportUse(
  { ports: { meter }, price }: Pick<Binding, "ports" | "price">,
  subject: string,
  used: readonly Use[],
): Promise<void> {
  const load = price?.loadOperations;
  if (meter === undefined || load === undefined || used.length === 0) return;
  await metering()
    .then(({ tellUse }) => tellUse(meter, subject, used, load))
    .catch(() => undefined);
}
