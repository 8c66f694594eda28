import { type Api, type ApiPath, list, type Listed } from "#shared/integration";
import type * as z from "zod";

type Page<O extends z.ZodType, Item> = {
  readonly path: ApiPath;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly perPage: number;
  readonly from?: string | undefined;
  readonly response: O;
  readonly items: (page: z.output<O>) => readonly Item[];
  /** The parameters that are a position; `page` when left out. */
  readonly params?: readonly string[];
};

/** One page of a list, and where the next one begins. */
export function listPage<O extends z.ZodType, Item>(
  api: Api,
  { path, query, perPage, from, response, items, params = ["page"] }: Page<O, Item>,
): Promise<Listed<Item>> {
  return list(
    api,
    { method: "GET", path, query: { ...query, per_page: perPage }, response },
    { kind: "link", params, items },
    { from, maxPages: 1 },
  );
}
