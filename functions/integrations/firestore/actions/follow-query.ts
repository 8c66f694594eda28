import { Fault } from "#shared/errors";
import { type Api, defineStream } from "#shared/integration";
import * as z from "zod";
import { documentsReference, scopes, time, toDocument, type VendorDocument } from "../client.ts";
import { NAME_FIELD } from "../field-path.ts";
import { maskOf, type Place, placeOf, resource } from "../place.ts";
import {
  encodeQuery,
  type Query,
  query,
  QueryAnswer,
  readAnswer,
  withoutOrderFields,
} from "../query.ts";
import { Fields } from "../value.ts";

/** More are for run-query, page by page, or for events. */
const MAX_DOCUMENTS = 1_000;
const MAX_CHANGES = 2_000;
/** Of the time of the invocation, left for the answer. */
const RESERVE_MS = 5_000;

const Change = z.object({
  kind: z.enum(["added", "modified", "removed"]),
  document: z.string(),
  /** Null where it was removed. */
  fields: Fields.nullable(),
  updateTime: z.string().nullable(),
});
type Change = z.infer<typeof Change>;

export const followQuery = defineStream({
  summary: "Tell what was added, modified and removed in a query's documents, from a time on",
  docs: `${documentsReference}/runQuery`,
  scopes,
  effect: "read",
  input: z.object({
    ...query,
    /**
     * The `next` of the call before: within the past hour, or seven days with point-in-time recovery. All documents are
     * told as added where it is left out.
     */
    since: time.optional(),
    /** How long to go on looking; looks once where it is left out. */
    waitSeconds: z.int().min(0).max(600).default(0),
    everySeconds: z.int().min(1).max(60).default(5),
  }),
  chunk: Change,
  output: z.object({ changes: z.array(Change), next: z.string() }),
  // Listening takes gRPC, or a protocol of Google's web client that is not described. Looking at two times tells the same,
  // deletions included, but a document that came and went between two looks.
  async *stream(api, { since, waitSeconds, everySeconds, ...given }) {
    const place = placeOf(api);
    const endMs = api.now() + waitSeconds * 1_000;
    const pauseMs = everySeconds * 1_000;
    const changes: Change[] = [];
    let known =
      since === undefined ? new Map<string, string>() : await statesAt(api, place, given, since);
    for (;;) {
      const { documents, readTime } = await look(api, place, given, undefined);
      for (const change of changesBetween(place, given, known, documents)) {
        changes.push(change);
        yield change;
      }
      known = statesOf(documents);
      const goOn = api.now() + pauseMs <= endMs && api.remainingMs() > pauseMs + RESERVE_MS;
      if (!goOn || changes.length >= MAX_CHANGES) return { changes, next: readTime };
      await api.sleep(pauseMs);
    }
  },
});

/** Update times by name. */
type States = Map<string, string>;

function statesOf(documents: readonly VendorDocument[]): States {
  return new Map(documents.map(({ name, updateTime }) => [name, updateTime]));
}

async function statesAt(api: Api, place: Place, given: Query, readTime: string): Promise<States> {
  const names = { ...given, fields: [NAME_FIELD] };
  return statesOf((await look(api, place, names, readTime)).documents);
}

async function look(api: Api, place: Place, given: Query, readTime: string | undefined) {
  const { parent, json } = encodeQuery(place, given, { limit: MAX_DOCUMENTS + 1 });
  const answer = await api.request({
    method: "POST",
    path: resource(parent, ":runQuery"),
    json: { ...json, readTime },
    response: QueryAnswer,
  });
  const read = readAnswer(answer);
  if (read.documents.length <= MAX_DOCUMENTS) return read;
  throw new Fault(
    "failed_precondition",
    `firestore.follow-query: more than ${MAX_DOCUMENTS} documents; narrow the query, or subscribe to the events of the collection`,
    { origin: "caller" },
  );
}

function changesBetween(
  place: Place,
  given: Query,
  known: States,
  documents: readonly VendorDocument[],
): Change[] {
  const mask = maskOf(place, given.fields);
  const changed = documents.filter(({ name, updateTime }) => known.get(name) !== updateTime);
  const present = new Set(documents.map(({ name }) => name));
  const gone = [...known.keys()].filter((name) => !present.has(name));
  return [
    ...changed.map((one): Change => {
      const { document, fields, updateTime } = toDocument(place, withoutOrderFields(one, mask));
      return { kind: known.has(one.name) ? "modified" : "added", document, fields, updateTime };
    }),
    ...gone.map((name): Change => {
      return { kind: "removed", document: place.toPath(name), fields: null, updateTime: null };
    }),
  ];
}
