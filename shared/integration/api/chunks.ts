import { awsEvents, linesOf, sseEvents } from "#shared/http";
import type { ApiStreamCall } from "./call.ts";
import type * as z from "zod";

/** The parts of an answer, before their schema has seen them. */
export async function* chunksOf(
  body: AsyncIterable<Uint8Array>,
  format: ApiStreamCall<z.ZodType>["format"],
): AsyncGenerator<unknown, void> {
  if (format === "bytes") yield* body;
  else if (format === "ndjson") yield* rowsOf(body);
  else if (format === "aws-events") yield* messagesOf(body);
  else yield* eventsOf(body);
}

async function* eventsOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<unknown, void> {
  for await (const { event, data, id } of sseEvents(body)) {
    if (data === "[DONE]") return;
    yield { event, data: jsonOr(data), id };
  }
}

async function* messagesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<unknown, void> {
  for await (const { headers, payload } of awsEvents(body)) {
    yield { event: headers[":event-type"] ?? headers[":exception-type"], headers, payload };
  }
}

async function* rowsOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<unknown, void> {
  for await (const line of linesOf(body, "keep")) {
    if (line.trim() !== "") yield jsonOr(line);
  }
}

/** A chunk that is no JSON stays text, which its schema takes or not. */
function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
