import { type Code, Fault } from "#shared/errors";
import type { GetJson } from "./price-feed.ts";
import { malformed } from "./price-feed.ts";

/** What is used of the platform's `fetch`. */
export type Send = (
  url: string,
  init: {
    readonly headers: Readonly<Record<string, string>>;
    readonly redirect: "error";
    readonly signal: AbortSignal;
  },
) => Promise<{ readonly status: number; text(): Promise<string> }>;

/** The longest that an answer may take, of tens of megabytes at the most. */
const TIMEOUT_MS = 120_000;

const codeByStatus: Readonly<Record<number, Code>> = {
  401: "unauthenticated",
  403: "permission_denied",
  404: "not_found",
  429: "resource_exhausted",
};

/** Reads JSON over HTTP in one attempt. The address is told in faults, what was sent along never is. */
export function jsonOverHttp(send: Send): GetJson {
  return async (url, headers = {}) => {
    const text = await textOf(send, url, headers);
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw malformed(url, "its answer is no JSON");
    }
  };
}

async function textOf(
  send: Send,
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<string> {
  let status: number;
  let text: string;
  try {
    const response = await send(url, {
      headers: { accept: "application/json", ...headers },
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    status = response.status;
    text = await response.text();
  } catch (cause) {
    throw new Fault("unavailable", `price-lists.read: ${url} cannot be read; try again later`, {
      origin: "upstream",
      cause,
    });
  }
  if (status === 200) return text;
  throw new Fault(
    codeByStatus[status] ?? "unavailable",
    `price-lists.read: ${url} answered ${status}; try again later, or correct the key or the address`,
    { origin: "upstream" },
  );
}
