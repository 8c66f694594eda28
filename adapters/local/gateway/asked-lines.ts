import type { ReceiptLine } from "#shared/console";
import type { Delivery } from "#shared/host";
import { useLines } from "#shared/metering";
import type { OperationPrices } from "#shared/operations";
import { decodeLines } from "./decode-lines.ts";

/** Receipts of runs that never ended here are forgotten after so many others. */
const KEPT = 10_000;

/**
 * What runs asked of other services, as the functions themselves tell it: with an HTTP answer, or beside it for messages
 * and ticks, whose answers have no room for it.
 */
export class AskedLines {
  readonly #told = new Map<string, readonly ReceiptLine[]>();

  /** Keeps what a function told of a message or a tick until its run ends. */
  tell(runtime: string, subject: string, text: string): void {
    const lines = decodeLines(text);
    if (lines === undefined) return;
    const [oldest] = this.#told.keys();
    if (this.#told.size >= KEPT && oldest !== undefined) this.#told.delete(oldest);
    this.#told.set(`${runtime}/${subject}`, lines);
  }

  /** What was told of a message or a tick, once. */
  take(runtime: string, subject: string): readonly ReceiptLine[] {
    const key = `${runtime}/${subject}`;
    const lines = this.#told.get(key) ?? [];
    this.#told.delete(key);
    return lines;
  }
}

/** The lines in an HTTP answer, and that of the front door it came through. */
export function linesOfAnswer(
  headers: Readonly<Record<string, string>>,
  prices: OperationPrices | undefined,
): readonly ReceiptLine[] {
  const text = headers["x-auterity-units"];
  const asked = text === undefined ? [] : (decodeLines(text) ?? []);
  const door = { operation: "frontDoorRequest", product: "endpoint", sizeBytes: 0 } as const;
  return prices === undefined ? asked : [...asked, ...useLines([door], prices)];
}

/** What a cloud bills for handing a message to a function: it is received, and deleted when it is done. */
export function linesOfDelivery(
  { body }: Delivery,
  isDone: boolean,
  prices: OperationPrices | undefined,
): readonly ReceiptLine[] {
  if (prices === undefined) return [];
  const product = "trigger";
  const received = {
    operation: "queueReceive",
    product,
    sizeBytes: Buffer.byteLength(body),
  } as const;
  const deleted = { operation: "queueDelete", product, sizeBytes: 0 } as const;
  return useLines(isDone ? [received, deleted] : [received], prices);
}
