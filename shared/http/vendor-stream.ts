import { toFault } from "#shared/errors";
import { type Brought, isRead } from "./attempts.ts";
import { classifyStatus } from "./classify.ts";
import type { HttpClientOptions, HttpRequest } from "./client.ts";
import type { OnSent } from "./exchange.ts";
import { type HttpStream, type HttpStreamRequest, openHttpStream } from "./stream.ts";
import { unconfirmed } from "./vendor-fault.ts";

export type VendorStreamRequest = Omit<HttpStreamRequest, "onSent"> &
  Pick<HttpRequest, "remainingMs" | "failureOf" | "repeatable">;

/** Of an answer that is an error. */
const MAX_ERROR_BYTES = 64 * 1024;

/** Sends one request and gives a success when its head is there, and an error with the beginning of its body. */
export async function openVendorStream(
  options: HttpClientOptions,
  request: VendorStreamRequest,
  onSent: OnSent,
): Promise<Brought<HttpStream>> {
  const stream = await openHttpStream(options, { ...request, onSent });
  if (classifyStatus(stream.status) !== undefined) {
    return { response: { ...stream, body: await startOf(stream) }, answer: stream };
  }
  const safe = isRead(request) || request.repeatable === true;
  const answer = safe ? stream : { ...stream, body: doubtful(stream.body) };
  return { response: { ...stream, body: new Uint8Array() }, answer };
}

/** A write whose answer breaks off may have taken effect. */
async function* doubtful(body: HttpStream["body"]): AsyncGenerator<Uint8Array, void> {
  try {
    yield* body;
  } catch (error) {
    throw unconfirmed(toFault(error));
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
