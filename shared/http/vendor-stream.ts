import { Fault, toFault } from "#shared/errors";
import { classifyStatus } from "./classify.ts";
import type { HttpClientOptions, HttpRequest } from "./client.ts";
import type { HttpResponse } from "./exchange.ts";
import { checkUrl } from "./guard.ts";
import { type HttpStream, type HttpStreamRequest, openHttpStream } from "./stream.ts";
import { failureOf, vendorFault, unconfirmed } from "./vendor-fault.ts";

export type VendorStreamRequest = Omit<HttpStreamRequest, "onSent"> &
  Pick<HttpRequest, "remainingMs" | "failureOf" | "repeatable">;

/** Of an answer that is an error. */
const MAX_ERROR_BYTES = 64 * 1024;

/**
 * Sends one request, once, and gives a success when its head is there; anything else is a Fault from `upstream`, and so is
 * what happens while the body is read. Of a write that cannot be repeated `details.outcome` is then "unknown".
 */
export async function openVendorStream(
  options: HttpClientOptions,
  request: VendorStreamRequest,
): Promise<HttpStream> {
  const url = checkUrl(request.url, options.allowedOrigins ?? []);
  const safe = ["GET", "HEAD"].includes(request.method) || request.repeatable === true;
  let sent = false;
  const explain = (error: unknown): Fault =>
    safe || !sent ? toFault(error) : unconfirmed(toFault(error));
  const arrived = await options.pace?.enter({ ...request, url });
  let stream: HttpStream;
  try {
    stream = await openHttpStream(options, { ...request, onSent: () => (sent = true) });
  } catch (error) {
    arrived?.(toFault(error));
    throw explain(error);
  }
  arrived?.(stream);
  if (classifyStatus(stream.status) === undefined) {
    return { ...stream, body: explained(stream.body, explain) };
  }
  const response: HttpResponse = { ...stream, body: await startOf(stream) };
  const failure = failureOf(request, response, options.clock.now()) ?? { code: "internal" };
  throw explain(vendorFault(url, response.status, failure));
}

async function* explained(
  body: HttpStream["body"],
  explain: (error: unknown) => Fault,
): AsyncGenerator<Uint8Array, void> {
  try {
    yield* body;
  } catch (error) {
    throw explain(error);
  }
}

async function startOf({ body }: HttpStream): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_ERROR_BYTES) break;
  }
  return Buffer.concat(chunks);
}
