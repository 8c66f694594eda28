import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { listen, type TestEngine } from "#shared/testing";
import * as z from "zod";
import type { EventBridgeOptions } from "../drivers/topic-eventbridge.ts";

/** A pattern with one target: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern.html */
export type EventBridgeRule = {
  readonly source: string;
  readonly detailTypes: readonly string[];
  /** The SQS queue that matching events go to. */
  readonly queue: string;
};

/** An EventBridge bus in this process that speaks its wire protocol to the real client. */
export type EventBridgeFake = TestEngine & {
  readonly options: EventBridgeOptions;
  /** Takes the bodies that are there out of a target's queue. */
  take(queue: string): string[];
  /** Refuses every entry from now on with this code, in an answer of status 200 as the service does. */
  refuse(code: string): void;
};

type Answer = { readonly status: number; readonly body: object };

const BUS = "auterity";
const Entry = z.object({
  EventBusName: z.literal(BUS),
  Source: z.string().optional(),
  DetailType: z.string().max(128).optional(),
  Detail: z.string().optional(),
  Time: z.number(),
});
type Entry = z.infer<typeof Entry>;
const Request = z.object({ Entries: z.array(Entry).min(1).max(10) });

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
const MAX_BYTES = 262_144;
const TIME_BYTES = 14;

/**
 * Starts the fake: `PutEvents` in JSON 1.1, requests signed (the signature itself is not verified), entries that fail
 * one by one. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
export async function startEventBridgeFake(
  rules: readonly EventBridgeRule[],
): Promise<EventBridgeFake> {
  const queues = new Map<string, string[]>();
  let refusal: string | undefined;
  const put = (entry: Entry): object => {
    const code = refusal ?? defectOf(entry);
    if (code !== undefined) return { ErrorCode: code, ErrorMessage: "refused" };
    const id = randomUUID();
    for (const { queue } of rules.filter((rule) => matches(rule, entry))) {
      queues.set(queue, [...(queues.get(queue) ?? []), targetBody(entry, id)]);
    }
    return { EventId: id };
  };
  const server = await listen(
    (request, response) => void answerTo(request, put).then(send(response)),
  );
  return {
    options: {
      bus: BUS,
      region: "eu-central-1",
      endpoint: server.url,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    },
    take(queue) {
      const bodies = queues.get(queue) ?? [];
      queues.delete(queue);
      return bodies;
    },
    refuse: (code) => void (refusal = code),
    stop: () => server.close(),
  };
}

function send(response: ServerResponse): (answer: Answer) => void {
  return ({ status, body }) => {
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify(body));
  };
}

async function answerTo(request: IncomingMessage, put: (entry: Entry) => object): Promise<Answer> {
  const { "x-amz-target": target, authorization = "", "content-type": type } = request.headers;
  if (!authorization.startsWith("AWS4-HMAC-SHA256 Credential=")) {
    return refused("MissingAuthenticationTokenException");
  }
  if (target !== "AWSEvents.PutEvents" || type !== "application/x-amz-json-1.1") {
    return refused("UnknownOperationException");
  }
  const parsed = Request.safeParse(await json(request).catch(() => undefined));
  if (!parsed.success) return refused("ValidationException");
  const { Entries: entries } = parsed.data;
  if (entries.reduce((sum, entry) => sum + bytesOf(entry), 0) > MAX_BYTES) {
    return refused("ValidationException");
  }
  const results = entries.map(put);
  const failed = results.filter((result) => "ErrorCode" in result).length;
  return { status: 200, body: { FailedEntryCount: failed, Entries: results } };
}

function refused(type: string): Answer {
  return { status: 400, body: { __type: type, message: "refused" } };
}

function bytesOf({ Source = "", DetailType = "", Detail = "" }: Entry): number {
  return TIME_BYTES + Buffer.byteLength(Source + DetailType + Detail);
}

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html */
function defectOf({ Source, DetailType, Detail }: Entry): string | undefined {
  if (Source === undefined || DetailType === undefined || Detail === undefined) {
    return "InvalidArgument";
  }
  if (Source.startsWith("aws.")) return "NotAuthorizedForSourceException";
  return detailOf(Detail) === undefined ? "MalformedDetail" : undefined;
}

function matches({ source, detailTypes }: EventBridgeRule, entry: Entry): boolean {
  return source === entry.Source && detailTypes.includes(entry.DetailType ?? "");
}

/** An entry as it gets to a target: https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
export function targetBody(
  { Source, DetailType, Detail = "", Time }: Omit<Entry, "EventBusName">,
  id: string,
): string {
  return JSON.stringify({
    version: "0",
    id,
    "detail-type": DetailType,
    source: Source,
    account: "000000000000",
    time: new Date(Math.floor(Time) * 1000).toISOString().replace(".000", ""),
    region: "eu-central-1",
    resources: [],
    detail: detailOf(Detail),
  });
}

function detailOf(text: string): object | undefined {
  try {
    return z.looseObject({}).parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
