import { type Api, type ApiTarget, list } from "#shared/integration";
import * as z from "zod";

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
