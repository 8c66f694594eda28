import { Fault } from "#shared/errors";
import type * as z from "zod";
import type { Api, ApiAnswer, ApiCall, ApiTarget } from "./call.ts";

/**
 * How a vendor goes from page to page. Each kind has `items`, which finds them in a page; a position is text that our
 * caller gets as `next` and may give back as `from`.
 */
export type Paging<Page, Item> = {
  readonly items: (page: Page) => readonly Item[];
} & (
  | {
      /** The body tells the position of the next page: a cursor, a page token. None or "" is the end. */
      readonly kind: "cursor";
      readonly next: (page: Page) => string | null | undefined;
      /** The parameter that takes it; in the query unless `within` says otherwise. */
      readonly param: string;
      readonly within?: "query" | "json" | "form";
    }
  | {
      /** The `Link` header tells the next page's URL (https://www.rfc-editor.org/rfc/rfc8288). */
      readonly kind: "link";
      /** The parameters of that URL which are the position; the rest of it is not followed. */
      readonly params: readonly string[];
    }
  | {
      /** The body tells the next page's URL, such as `@odata.nextLink`. */
      readonly kind: "url";
      readonly next: (page: Page) => string | null | undefined;
      readonly params: readonly string[];
    }
  | {
      /** Pages are counted, from `first` (1) on. One with fewer than `size` items is the last. */
      readonly kind: "page";
      readonly param: string;
      readonly first?: number;
      readonly size: number;
    }
  | {
      /** Items are counted. A page with fewer than `size` is the last. */
      readonly kind: "offset";
      readonly param: string;
      readonly size: number;
    }
);

/** Items of one or more pages, and where those after them begin; `null` at the end. */
export type Listed<Item> = { readonly items: readonly Item[]; readonly next: string | null };

/** Far more pages than a vendor gives within one invocation. */
const MAX_PAGES = 1_000;
/** Less than this is not enough for one more page and our own answer. */
const RESERVE_MS = 3_000;

/**
 * Reads pages as they are asked for, from the position `from` on. Throws `internal` from `upstream` if the vendor names a
 * position twice, which would never end, or a URL of another host; `invalid_argument` from `caller` for a wrong `from`.
 */
export async function* pages<O extends z.ZodType, Item>(
  api: Api,
  call: ApiCall<O>,
  paging: Paging<z.output<O>, Item>,
  from?: string | null,
): AsyncGenerator<Listed<Item>, void> {
  const seen = new Set<string>();
  let position = from ?? undefined;
  for (let number = 0; number < MAX_PAGES; number++) {
    const answer = await api.send(moved(call, paging, position));
    const items = paging.items(answer.body);
    const next = nextOf(call, paging, answer, items.length, position);
    if (next !== undefined && (seen.has(next) || next === position)) throw goesRound();
    yield { items, next: next ?? null };
    if (next === undefined) return;
    seen.add(next);
    position = next;
  }
  throw goesRound();
}

/**
 * Collects whole pages until there are `enough` items (the last page may go beyond), `maxPages` were read, or the time of
 * the invocation is nearly over; `next` is then where to go on.
 */
export async function list<O extends z.ZodType, Item>(
  api: Api,
  call: ApiCall<O>,
  paging: Paging<z.output<O>, Item>,
  until: {
    readonly from?: string | null | undefined;
    readonly enough?: number;
    readonly maxPages?: number;
  } = {},
): Promise<Listed<Item>> {
  const { enough = Number.POSITIVE_INFINITY, maxPages = 10 } = until;
  const items: Item[] = [];
  let read = 0;
  for await (const page of pages(api, call, paging, until.from)) {
    items.push(...page.items);
    read++;
    const stop = items.length >= enough || read >= maxPages || api.remainingMs() < RESERVE_MS;
    if (stop || page.next === null) return { items, next: page.next };
  }
  return { items, next: null };
}

/** The call, at a position. */
function moved<O extends z.ZodType, Page, Item>(
  call: ApiCall<O>,
  paging: Paging<Page, Item>,
  position: string | undefined,
): ApiCall<O> {
  if (position === undefined) return call;
  if (paging.kind === "link" || paging.kind === "url") {
    const given = new URLSearchParams(position);
    const known = paging.params.filter((name) => given.has(name));
    if (known.length === 0 || known.length !== new Set(given.keys()).size) throw wrongPosition();
    const query = Object.fromEntries(known.map((name) => [name, given.getAll(name)]));
    return { ...call, query: { ...call.query, ...query } };
  }
  const counted = paging.kind !== "cursor";
  if (counted && !/^\d{1,9}$/.test(position)) throw wrongPosition();
  return { ...call, ...placed(call, paging.param, position, counted ? "query" : paging.within) };
}

function placed(
  { query, json, form }: ApiTarget,
  param: string,
  position: string,
  within: "query" | "json" | "form" = "query",
): Pick<ApiTarget, "query" | "json" | "form"> {
  if (within === "form") return { form: { ...form, [param]: position } };
  if (within === "query") return { query: { ...query, [param]: position } };
  const members = typeof json === "object" && json !== null ? json : {};
  return { json: { ...members, [param]: position } };
}

function nextOf<Page, Item>(
  call: ApiTarget,
  paging: Paging<Page, Item>,
  answer: ApiAnswer<Page>,
  count: number,
  position: string | undefined,
): string | undefined {
  switch (paging.kind) {
    case "cursor":
      return paging.next(answer.body) || undefined;
    case "link":
      return positionIn(nextLink(answer.headers["link"]), paging.params);
    case "url":
      return positionIn(paging.next(answer.body) || undefined, paging.params);
    case "page":
      if (count < paging.size) return undefined;
      return String(Number(position ?? startOf(call, paging.param) ?? paging.first ?? 1) + 1);
    case "offset":
      if (count < paging.size) return undefined;
      return String(Number(position ?? startOf(call, paging.param) ?? 0) + count);
  }
}

/** Where the call itself begins. */
function startOf({ query }: ApiTarget, param: string): number | undefined {
  const start = query?.[param];
  return typeof start === "number" ? start : undefined;
}

/** The position in a vendor's URL. Only its named parameters are used, so it leads nowhere else. */
function positionIn(url: string | undefined, params: readonly string[]): string | undefined {
  if (url === undefined) return undefined;
  const parsed = URL.parse(url, "https://vendor.invalid/");
  const found = new URLSearchParams();
  for (const name of params) {
    for (const value of parsed?.searchParams.getAll(name) ?? []) found.append(name, value);
  }
  const position = found.toString();
  if (position !== "") return position;
  throw upstream("names a next page without a position; compare with the vendor's documentation");
}

const LINK = /<([^<>]*)>((?:\s*;\s*[\w!#$&+^`|~*-]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s",;]+))?)*)/g;
const NEXT = /;\s*rel\s*=\s*(?:"(?:[^"]*\s)?next(?:\s[^"]*)?"|next(?=\s*(?:;|$)))/i;

/** The target of `rel="next"`; a link may have several relations. */
function nextLink(header: string | undefined): string | undefined {
  for (const [, target, parameters = ""] of (header ?? "").matchAll(LINK)) {
    if (NEXT.test(parameters)) return target;
  }
  return undefined;
}

function goesRound(): Fault {
  return upstream("names the same page again; go on from the last `next`");
}

function upstream(what: string): Fault {
  return new Fault("internal", `integration.pages: the vendor ${what}`, { origin: "upstream" });
}

function wrongPosition(): Fault {
  return new Fault(
    "invalid_argument",
    "integration.pages: this is no position of this list; give a `next` back as it was",
    { origin: "caller" },
  );
}
