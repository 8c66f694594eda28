/** One event of a stream of server-sent events. */
export type SseEvent = {
  /** `message` where the stream names none. */
  readonly event: string;
  readonly data: string;
  /** The last id the stream named, for those who go on from there. */
  readonly id: string | undefined;
};

/**
 * Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream) as they
 * come; comments and events without data are left out, and so is an event that was not ended.
 */
export async function* sseEvents(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<SseEvent, void> {
  let data: string[] = [];
  let event = "";
  let id: string | undefined;
  for await (const line of linesOf(chunks)) {
    if (line === "") {
      if (data.length > 0) yield { event: event || "message", data: data.join("\n"), id };
      data = [];
      event = "";
      continue;
    }
    const [field, value] = fieldOf(line);
    if (field === "data") data.push(value);
    else if (field === "event") event = value;
    else if (field === "id" && !value.includes("\0")) id = value;
  }
}

/** The data of {@link sseEvents} alone. */
export async function* sseData(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  for await (const { data } of sseEvents(chunks)) yield data;
}

function fieldOf(line: string): readonly [field: string, value: string] {
  const colon = line.indexOf(":");
  if (colon === -1) return [line, ""];
  const value = line.slice(colon + 1);
  return [line.slice(0, colon), value.startsWith(" ") ? value.slice(1) : value];
}

/**
 * The lines of a UTF-8 text as they come, with any of the three ends; what follows the last end comes last if `last` asks
 * for it. Each byte is looked at once, however small the chunks of a long line are.
 */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  last: "drop" | "keep" = "drop",
): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let parts: string[] = [];
  let afterReturn = false;
  for await (const chunk of chunks) {
    let text = decoder.decode(chunk, { stream: true });
    // The line feed of a torn "\r\n" ends no second line.
    if (afterReturn && text.startsWith("\n")) text = text.slice(1);
    else if (text === "") continue;
    afterReturn = text.endsWith("\r");
    const lines = text.split(/\r\n|\n|\r/);
    const rest = lines.pop() ?? "";
    for (const line of lines) {
      yield parts.length === 0 ? line : parts.join("") + line;
      parts = [];
    }
    if (rest !== "") parts.push(rest);
  }
  parts.push(decoder.decode());
  const rest = parts.join("");
  if (last === "keep" && rest !== "") yield rest;
}
