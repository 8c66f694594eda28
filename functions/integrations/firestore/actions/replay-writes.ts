import { Fault } from "#shared/errors";
import { type Api, defineAction } from "#shared/integration";
import * as z from "zod";
import { documentsReference, scopes, VendorDocument } from "../client.ts";
import { type Place, placeOf, resource } from "../place.ts";
import { commit, encodeWrite, Write } from "../write.ts";

const Entry = z.object({
  /** Made by the client when it queued the write, such as a UUID. */
  id: z.string().regex(/^[\w-]{8,64}$/),
  write: Write,
});

const Outcome = z.object({
  id: z.string(),
  /**
   * `applied` now, or before (`repeated`); `conflict` if the document is not as the write requires; `blocked` behind a
   * conflict of the same document; `pending` if it was not reached.
   */
  outcome: z.enum(["applied", "repeated", "conflict", "blocked", "pending"]),
  /** Of the document: after this write, or as it stands in the way. Null where it is not there or not known. */
  updateTime: z.string().nullable(),
  code: z.string().nullable(),
});
type Outcome = z.infer<typeof Outcome>;

/** What is in the way of a write, and goes away for no repeat of it. */
const CONFLICTS: ReadonlySet<string> = new Set([
  "already_exists",
  "failed_precondition",
  "not_found",
]);
/** The collection of the markers, below the connection's root; a TTL policy on `expireAt` clears it. */
const MARKERS = "_replayed";
/** Of the time of the invocation, left for the answer. */
const RESERVE_MS = 5_000;

export const replayWrites = defineAction({
  summary:
    "Apply writes that were queued offline, in order and each once, and tell what became of each",
  docs: `${documentsReference}/commit`,
  scopes,
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "each write leaves a marker in the same commit, by which its repeat is recognised",
  },
  input: z.object({
    queue: z
      .array(Entry)
      .min(1)
      .max(100)
      .refine((queue) => new Set(queue.map(({ id }) => id)).size === queue.length, {
        error: "has an id twice",
      }),
    /** For how long a repeat is recognised. */
    keepDays: z.int().min(1).max(365).default(30),
  }),
  output: z.object({
    outcomes: z.array(Outcome),
    /** Whether the rest is to be sent again, and why. */
    stopped: z.object({ code: z.string(), message: z.string() }).nullable(),
  }),
  async run(api, { queue, keepDays }) {
    const place = placeOf(api);
    const expireAt = new Date(api.now() + keepDays * 86_400_000).toISOString();
    // All are encoded before the first is sent, so that what is wrong with one is told before anything happens.
    const entries = queue.map(({ id, write }) => ({
      id,
      write,
      encoded: encodeWrite(place, write),
    }));
    const outcomes: Outcome[] = [];
    const blocked = new Set<string>();
    let stopped: { readonly code: string; readonly message: string } | null = null;
    for (const { id, write, encoded } of entries) {
      if (stopped === null && api.remainingMs() < RESERVE_MS) stopped = outOfTime;
      if (stopped !== null || blocked.has(write.document)) {
        outcomes.push({ id, ...untouched, outcome: stopped === null ? "blocked" : "pending" });
        continue;
      }
      const marker = `${place.prefix}${MARKERS}/${id}`;
      try {
        outcomes.push(await apply(api, place, { id, write, encoded, marker, expireAt }));
      } catch (error) {
        if (!Fault.is(error) || outcomes.length === 0) throw error;
        stopped = { code: error.code, message: error.message };
        outcomes.push({ id, ...untouched, outcome: "pending" });
      }
      if (outcomes.at(-1)?.outcome === "conflict") blocked.add(write.document);
    }
    return { outcomes, stopped };
  },
});

const untouched = { updateTime: null, code: null } as const;
const outOfTime = {
  code: "deadline_exceeded",
  message: "firestore.replay-writes: the time of the invocation is over; send the rest again",
};

type Prepared = {
  readonly id: string;
  readonly write: Write;
  readonly encoded: object;
  readonly marker: string;
  readonly expireAt: string;
};

async function apply(api: Api, place: Place, entry: Prepared): Promise<Outcome> {
  const { id, write, encoded, marker, expireAt } = entry;
  const mark = {
    update: { name: marker, fields: { expireAt: { timestampValue: expireAt } } },
    currentDocument: { exists: false },
  };
  try {
    const { writeResults = [] } = await commit(api, place, [encoded, mark]);
    return { id, outcome: "applied", updateTime: writeResults[0]?.updateTime ?? null, code: null };
  } catch (error) {
    if (!Fault.is(error) || !CONFLICTS.has(error.code)) throw error;
    const [found, current] = await look(api, place, [marker, place.prefix + write.document]);
    const updateTime = current?.updateTime ?? null;
    if (found !== undefined) return { id, outcome: "repeated", updateTime, code: null };
    return { id, outcome: "conflict", updateTime, code: error.code };
  }
}

/** Whether documents are there, and since when. */
async function look(api: Api, place: Place, names: readonly string[]) {
  const answer = await api.request({
    method: "POST",
    path: resource(`${place.databaseName}/documents`, ":batchGet"),
    json: { documents: names, mask: { fieldPaths: ["__name__"] } },
    response: z.array(z.object({ found: VendorDocument.optional() })),
    safe: true,
  });
  const found = answer.flatMap((one) => one.found ?? []);
  return names.map((name) => found.find((one) => one.name === name));
}
