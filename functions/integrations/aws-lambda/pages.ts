import { type Action, type Api, type ApiTarget, defineAction, list } from "#shared/integration";
import * as z from "zod";
import { gatewayDocs, lambdaDocs } from "./client.ts";

/** Where to go on, as the answer before told. */
export const from = z.string().min(1).optional();

/** What a list gives: items, and where the rest begins. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

type OneList<I extends z.ZodType, T extends z.ZodType> = {
  readonly summary: string;
  readonly input: I;
  readonly call: (input: z.output<I>) => ApiTarget;
  /** One of the items, and what makes it of what comes back. */
  readonly item: T;
  readonly answer: z.ZodType<z.input<T>>;
};

/** An action that reads a list of Lambda's, whose items stand in `member`. */
export function lambdaList<I extends Positioned, T extends z.ZodType>(
  operation: string,
  member: string,
  { summary, input, call, item, answer }: OneList<I, T>,
): Action {
  return defineAction<I, ReturnType<typeof listOf<T>>>({
    summary,
    docs: lambdaDocs(operation),
    scopes: [`lambda:${operation}`],
    effect: "read",
    input,
    output: listOf(item),
    run: (api, given) => lambdaPages(api, call(given), member, answer, given.from),
  });
}

/** An action that reads a list of API Gateway's. */
export function gatewayList<I extends Positioned, T extends z.ZodType>(
  page: string,
  { summary, input, call, item, answer }: OneList<I, T>,
): Action {
  return defineAction<I, ReturnType<typeof listOf<T>>>({
    summary,
    docs: gatewayDocs(page),
    scopes: ["apigateway:GET"],
    effect: "read",
    input,
    output: listOf(item),
    run: (api, given) => gatewayPages(api, call(given), answer, given.from),
  });
}

type Positioned = z.ZodType<{ readonly from?: string | undefined }>;
type Items<T> = { items: T[]; next: string | null };

/** Reads up to a thousand items, or ten pages, from `from` on. */
export function lambdaPages<T>(
  api: Api,
  call: ApiTarget,
  member: string,
  item: z.ZodType<T>,
  start: string | undefined,
  enough?: number,
): Promise<Items<T>> {
  return readPages(api, call, { member, next: "NextMarker", param: "Marker", item, start, enough });
}

/** As {@link lambdaPages}, of API Gateway. */
export function gatewayPages<T>(
  api: Api,
  call: ApiTarget,
  item: z.ZodType<T>,
  start: string | undefined,
): Promise<Items<T>> {
  const names = { member: "items", next: "nextToken", param: "nextToken" };
  return readPages(api, { ...call, host: "gateway" }, { ...names, item, start });
}

async function readPages<T>(
  api: Api,
  call: ApiTarget,
  of: {
    readonly member: string;
    readonly next: string;
    readonly param: string;
    readonly item: z.ZodType<T>;
    readonly start: string | undefined;
    readonly enough?: number | undefined;
  },
): Promise<Items<T>> {
  const members = z.looseObject({ [of.next]: z.string().nullish() });
  const response = members.transform((page, context) => {
    const items = z.array(of.item).safeParse(page[of.member]);
    if (items.success) return { items: items.data, next: page[of.next] };
    context.addIssue({ code: "custom", message: "is no list of items", path: [of.member] });
    return z.NEVER;
  });
  const { items, next } = await list(
    api,
    { ...call, response },
    { kind: "cursor", param: of.param, items: (page) => page.items, next: (page) => page.next },
    { from: of.start, enough: of.enough ?? 1_000 },
  );
  return { items: [...items], next };
}
