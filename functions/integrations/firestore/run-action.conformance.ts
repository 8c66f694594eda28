import { type Scripted, scriptedApi } from "#shared/testing";
import { expect } from "vitest";
import firestore from "./index.ts";

const config = {
  project: "my-project",
  database: "(default)",
  root: "",
  "readable-fields": "",
  "writable-fields": "",
};
/** Where the documents of the connection are. */
export const documents = "projects/my-project/databases/(default)/documents";
const createTime = "2026-11-20T10:15:30Z";
export const updateTime = "2026-11-21T08:00:00Z";

/** Runs an action against answers; gives what it gave or threw, and what it sent. */
export async function runAction(
  name: string,
  input: object,
  answers: readonly Scripted[],
  settings: object = {},
  timeMs = 20_000,
) {
  const action = firestore.actions[name];
  if (action === undefined) throw new Error(`no action ${name}`);
  const { http } = firestore;
  const { effect, idempotency } = action;
  const place = { http, baseUrl: http.baseUrl, config: { ...config, ...settings } };
  const opened = scriptedApi(answers, { ...place, effect, idempotency, remainingMs: () => left() });
  const startMs = opened.clock.now();
  const left = (): number => timeMs - (opened.clock.now() - startMs);
  const outcome: unknown = await Promise.resolve()
    .then(() => action.prepare(input).run(opened.api))
    .catch((error: unknown) => error);
  const sent = opened.sent.map(({ method, url, text }) => ({
    method,
    path: decodeURIComponent(new URL(url).pathname),
    json: text === "" ? undefined : (JSON.parse(text) as unknown),
  }));
  return { outcome, sent };
}

/** A fault of a code. */
export const fault = (code: string) => expect.objectContaining({ code });
/** A document as the vendor sends it. */
export const document = (path: string, fields: object = {}) => ({
  name: `${documents}/${path}`,
  fields,
  createTime,
  updateTime,
});
