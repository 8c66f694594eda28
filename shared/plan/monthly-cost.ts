import { costUsd, type Grant, type PriceBook } from "#shared/routing";

/** What a function is expected to do in a month. */
export type MonthlyLoad = {
  readonly name: string;
  readonly calls: number;
  readonly durationMs: number;
  /** What is billed: the function's own memory, or its instance's. */
  readonly memoryMb: number;
};

export type FunctionCost = MonthlyLoad & {
  readonly listUsd: number;
  /** Its share of the bill after the grant, in proportion to the list price. */
  readonly usd: number;
};

export type MonthlyCost = {
  readonly plan: string;
  readonly listUsd: number;
  readonly usd: number;
  readonly functions: readonly FunctionCost[];
};

/**
 * The bill for the run time of functions, as if no two calls shared an instance and nobody else used up the grant.
 * Storage, messages, logs and traffic are not in it.
 */
export function monthlyCost(book: PriceBook, loads: readonly MonthlyLoad[]): MonthlyCost {
  const listUsd = total(loads, (load) => load.calls * costUsd(book, load));
  const usd = PARTS.reduce((bill, { price, free }) => {
    const alone = { ...book, ...NO_PRICE, ...price(book) };
    const units = total(loads, (load) => load.calls * costUsd(alone, load));
    return bill + Math.max(0, units - freeUsd(price(book), free(book.grant)));
  }, 0);
  return {
    plan: book.plan,
    listUsd: cents(listUsd),
    usd: cents(usd),
    functions: loads.map((load) => {
      const own = load.calls * costUsd(book, load);
      return {
        ...load,
        listUsd: cents(own),
        usd: cents(listUsd === 0 ? 0 : (own / listUsd) * usd),
      };
    }),
  };
}

type Price = Pick<PriceBook, "usdPerMillionRequests" | "usdPerGbSecond" | "usdPerVcpuSecond">;

const NO_PRICE: Price = { usdPerMillionRequests: 0, usdPerGbSecond: 0, usdPerVcpuSecond: 0 };

/** Each kind of unit has a price and a grant of its own. */
const PARTS: readonly {
  readonly price: (book: PriceBook) => Partial<Price>;
  readonly free: (grant: Grant) => number;
}[] = [
  {
    price: ({ usdPerMillionRequests }) => ({ usdPerMillionRequests }),
    free: ({ requests }) => requests / 1e6,
  },
  { price: ({ usdPerGbSecond }) => ({ usdPerGbSecond }), free: ({ gbSeconds }) => gbSeconds },
  {
    price: ({ usdPerVcpuSecond }) => ({ usdPerVcpuSecond }),
    free: ({ vcpuSeconds }) => vcpuSeconds,
  },
];

function freeUsd(price: Partial<Price>, units: number): number {
  return Object.values(price).reduce((sum, usd) => sum + usd * units, 0);
}

function total(loads: readonly MonthlyLoad[], of: (load: MonthlyLoad) => number): number {
  return loads.reduce((sum, load) => sum + of(load), 0);
}

/** To the hundredth of a cent: what is beyond is noise of the arithmetic. */
function cents(usd: number): number {
  return Math.round(usd * 1e4) / 1e4;
}
