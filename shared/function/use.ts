import type { Usage } from "#shared/models";
import type { Operation } from "#shared/operations";

/** What an invocation asked of another service, as its receipt has to know it; noted by the port that asked. */
export type Use =
  | {
      readonly operation: Operation;
      /** The name of the driver that was asked. */
      readonly product: string;
      readonly sizeBytes: number;
      /** How many rows a page or a batch had; 1 when left out. */
      readonly items?: number | undefined;
      /** Whether it was part of a transaction, for which some stores charge more. */
      readonly isTransaction?: boolean | undefined;
    }
  | {
      /** The provider and its model. */
      readonly product: string;
      readonly tokens: Usage;
      /** What so many tokens of it cost in USD. */
      readonly costUsd: (tokens: Usage) => number;
    };

/** Notes an operation on an invocation's receipt, where one is kept. */
export function noteUse(
  used: Use[] | undefined,
  operation: Operation,
  { name: product }: { readonly name: string },
  sizeBytes = 0,
  items?: number,
  isTransaction?: boolean,
): void {
  used?.push({ operation, product, sizeBytes, items, isTransaction });
}
