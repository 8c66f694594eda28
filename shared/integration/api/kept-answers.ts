import type { HttpResponse } from "#shared/http";

/** What vendors publish for everybody, kept beyond an invocation for as long as they allow. */
export type KeptAnswers = {
  /** An answer that is not older than `maxAgeMs`, and that its vendor still stands by. */
  find(url: string, maxAgeMs: number, nowMs: number): HttpResponse | undefined;
  /** Keeps an answer that may be kept. */
  keep(url: string, answer: HttpResponse, nowMs: number): void;
};

/** More than an integration has public documents. */
const MAX_ANSWERS = 16;

/** Opens an empty cache; the oldest answer makes room for a new one. */
export function createKeptAnswers(): KeptAnswers {
  const kept = new Map<string, { readonly answer: HttpResponse; readonly atMs: number }>();
  return {
    find(url, maxAgeMs, nowMs) {
      const found = kept.get(url);
      if (found === undefined) return undefined;
      const allowedMs = Math.min(maxAgeMs, freshMs(found.answer));
      return nowMs - found.atMs < allowedMs ? found.answer : undefined;
    },
    keep(url, answer, nowMs) {
      kept.delete(url);
      if (answer.status !== 200 || freshMs(answer) === 0) return;
      kept.set(url, { answer, atMs: nowMs });
      const [oldest] = kept.keys();
      if (kept.size > MAX_ANSWERS && oldest !== undefined) kept.delete(oldest);
    },
  };
}

/** For how long the vendor stands by an answer: https://www.rfc-editor.org/rfc/rfc9111#section-4.2 */
function freshMs({ headers }: HttpResponse): number {
  const control = headers["cache-control"] ?? "";
  if (/(?:^|[\s,])no-(?:store|cache)(?:$|[\s,=])/i.test(control)) return 0;
  const maxAge = /(?:^|[\s,])max-age=(\d{1,9})(?:$|[\s,])/i.exec(control)?.[1] ?? "0";
  const age = /^\d{1,9}$/.test(headers["age"] ?? "") ? Number(headers["age"]) : 0;
  return Math.max(0, Number(maxAge) - age) * 1_000;
}
