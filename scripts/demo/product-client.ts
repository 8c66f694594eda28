import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";

/** The running product, as a script outside it sees it: HTTP and nothing else. */
export type ProductClient = {
  readonly url: string;
  readonly token: string;
};

/** What a script reads of a run; the whole of it is `Run` in the HTTP contract. */
const SeenRun = z.object({
  event: z.string().nullable(),
  operation: z.string(),
  runtime: z.string(),
  status: z.enum(["running", "ok", "failed"]),
  httpStatus: z.number().nullable(),
  startedAtMs: z.number(),
});

export type SeenRun = z.infer<typeof SeenRun>;

const RunPage = z.object({ items: z.array(SeenRun), cursor: z.string().nullable() });
const Functions = z.object({
  items: z.array(z.object({ name: z.string(), trigger: z.string(), on: z.string() })),
});

export type Answer = {
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>>;
  readonly headers: Headers;
};

/** One call; a body that is no JSON object reads as an empty one. */
export async function call(
  { url, token }: ProductClient,
  method: string,
  path: string,
  init: { readonly headers?: Readonly<Record<string, string>>; readonly body?: string } = {},
): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}`, ...init.headers };
  const body = init.body === undefined ? {} : { body: init.body };
  const response = await fetch(new URL(path, url), { method, headers, ...body });
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: parseObject(text) };
}

/** Every run of a function that began at or after a time, oldest page last. */
export async function runsSince(
  client: ProductClient,
  functionName: string,
  sinceMs: number,
): Promise<SeenRun[]> {
  const found: SeenRun[] = [];
  let before = "";
  for (;;) {
    const path = `/v1/runs?limit=500&function=${functionName}${before}`;
    const page = RunPage.parse(await get(client, path));
    const fresh = page.items.filter(({ startedAtMs }) => startedAtMs >= sinceMs);
    found.push(...fresh);
    if (page.cursor === null || fresh.length < page.items.length) return found;
    before = `&before=${encodeURIComponent(page.cursor)}`;
  }
}

/** Every deployed function. */
export async function listFunctions(
  client: ProductClient,
): Promise<z.infer<typeof Functions>["items"]> {
  return Functions.parse(await get(client, "/v1/functions")).items;
}

/** True when the product answers that everything is up, asked again until the time is over. */
export async function isUp(url: string, waitMs: number): Promise<boolean> {
  const endMs = Date.now() + waitMs;
  for (;;) {
    const up = await fetch(new URL("/healthz", url)).then(
      ({ status }) => status === 200,
      () => false,
    );
    if (up || Date.now() >= endMs) return up;
    await sleep(100);
  }
}

/** True when anything listens there, ready or not. */
export async function answers(url: string): Promise<boolean> {
  return fetch(new URL("/healthz", url)).then(
    () => true,
    () => false,
  );
}

async function get(client: ProductClient, path: string): Promise<unknown> {
  const { status, json } = await call(client, "GET", path);
  if (status !== 200) throw new Error(`${path} answered ${status}`);
  return json;
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
