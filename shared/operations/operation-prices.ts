/** What a call asks of other services. Each is billed apart from the call's own run. */
export const OPERATIONS = [
  "stateRead",
  "stateWrite",
  "stateDelete",
  "queueSend",
  "queueReceive",
  "queueDelete",
  "topicPublish",
  "blobRead",
  "blobWrite",
  "blobList",
  "blobDelete",
  "secretRead",
  "frontDoorRequest",
] as const;

export type Operation = (typeof OPERATIONS)[number];

/** The list price of one kind of operation, in the unit in which its vendor counts. */
export type OperationPrice = {
  readonly usdPerMillionUnits: number;
  /** Bytes that are counted as a unit, a started one as a whole; `Infinity` where size does not count. */
  readonly unitBytes: number;
  /** Units that each such step takes: 5 for a write to Cosmos DB, 1 for most. */
  readonly unitsPerStep: number;
  /** Less than this is counted as this. */
  readonly minBytes: number;
  /** Which of the grants it draws on first; operations that name the same share it. */
  readonly grant?: string;
  /** What a unit within a transaction counts: 2 at DynamoDB; 1 when left out. */
  readonly unitsInTransaction?: number;
  /** Whether every row of a page is an operation, or the page as a whole. */
  readonly isPerRow?: true;
  /** The vendor bills what it measures; this comes close. */
  readonly isEstimate?: true;
  /** Zero is a price only where somebody said so. */
  readonly isFree?: true;
};

/** What every kind of operation costs at one product each of a cloud: on demand, before discounts and taxes. */
export type OperationPrices = {
  readonly operations: Readonly<Record<Operation, OperationPrice>>;
  /** What differs at other products, by the name of their driver. */
  readonly products?: Readonly<
    Record<string, Readonly<Partial<Record<Operation, OperationPrice>>>>
  >;
  /** Units that are free in a month, by the grant's name; shared by a whole billing account. */
  readonly grants: Readonly<Record<string, number>>;
};

/** Units that a vendor bills for one operation on so many bytes. */
export function operationUnits(price: OperationPrice, sizeBytes = 0): number {
  const counted = sizeBytes > price.minBytes ? sizeBytes : price.minBytes;
  const steps = Math.ceil(counted / price.unitBytes);
  return (steps > 1 ? steps : 1) * price.unitsPerStep;
}

/** What one operation on so many bytes costs in USD beyond its grant. */
export function operationUsd(price: OperationPrice, sizeBytes = 0): number {
  return (operationUnits(price, sizeBytes) * price.usdPerMillionUnits) / 1e6;
}

/** A price per operation, however large it is. */
export function perOperation(usdPerMillionUnits: number, grant?: string): OperationPrice {
  const flat = { usdPerMillionUnits, unitBytes: Infinity, unitsPerStep: 1, minBytes: 0 };
  return grant === undefined ? flat : { ...flat, grant };
}

/** A price for every started `unitBytes` of an operation. */
export function perStep(
  usdPerMillionUnits: number,
  unitBytes: number,
  grant?: string,
): OperationPrice {
  return { ...perOperation(usdPerMillionUnits, grant), unitBytes };
}

/** What a vendor says it does not charge for. */
export const FREE: OperationPrice = { ...perOperation(0), isFree: true };
