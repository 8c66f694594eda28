import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import { json } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { listen, type TestEngine, type TestServer } from "#shared/testing";
import type { ChatReply, ChatRequest, EmbedReply, EmbedRequest, ModelDelta } from "../driver.ts";
import { deltasOf, embeddedReply } from "../embedded/embedded.ts";
import { countTokens } from "../embedded/text.ts";
import { vectorOf } from "../embedded/vectors.ts";

/** What a vendor can refuse a request for. */
export type Refusal =
  | "throttled"
  | "overloaded"
  | "unauthenticated"
  | "too-long"
  | "filtered"
  | "no-model";

/** What goes wrong with the next request. */
export type VendorFault =
  | { readonly kind: "refuse"; readonly refusal: Refusal; readonly retryAfter?: string }
  /** The connection is cut after so many pieces of a stream. */
  | { readonly kind: "cut"; readonly afterPieces: number }
  /** The stream ends in order, but before the answer does. */
  | { readonly kind: "end"; readonly afterPieces: number }
  | { readonly kind: "garbage" }
  | { readonly kind: "filter-answer" }
  | { readonly kind: "hang" };

export type VendorCall =
  | { readonly kind: "chat" | "stream"; readonly request: ChatRequest }
  | { readonly kind: "embed"; readonly request: EmbedRequest };

/** A vendor's protocol: how it reads requests, and writes what a model said. */
export type VendorWire = {
  readonly isAuthorized: (request: { readonly headers: IncomingHttpHeaders }) => boolean;
  /** What is asked for; throws or gives `undefined` for what the vendor would not take. */
  readonly decode: (path: string, body: unknown) => VendorCall | undefined;
  readonly reply: (reply: ChatReply) => object;
  readonly streamType: string;
  /** One buffer per event. */
  readonly pieces: (deltas: readonly ModelDelta[]) => readonly Buffer[];
  readonly vectors: (reply: EmbedReply) => object;
  /** Vendors quote what they were sent. */
  readonly refuse: (
    refusal: Refusal,
    quoted: string,
  ) => {
    readonly status: number;
    readonly body: object;
    readonly headers?: Readonly<Record<string, string>>;
  };
};

/** A vendor of models on the wire; what its models know is the embedded method. */
export type VendorFake = TestEngine & {
  readonly url: string;
  /** Requests that were authorized. */
  readonly requests: () => number;
  /** Answers that the other side did not wait for. */
  readonly abandoned: () => number;
  plan(...faults: readonly VendorFault[]): void;
};

/** What is used of a request and an answer, whichever version of HTTP carries them. */
export type VendorRequest = Readable & {
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
};
export type VendorResponse = {
  writeHead(status: number, headers: Readonly<Record<string, string>>): unknown;
  write(chunk: Uint8Array): boolean;
  end(text?: string): unknown;
  once(event: "close", listener: () => void): unknown;
  /** Breaks the connection, or the stream of it, off. */
  cut(): void;
};
export type Serve = (
  listener: (request: VendorRequest, response: VendorResponse) => void,
) => Promise<TestServer>;

const serveHttp1: Serve = (listener) =>
  listen((request, response) => {
    const cut = (): void => void response.destroy();
    listener(request, Object.assign(response, { cut }));
  });

/** Starts a vendor that speaks this protocol. */
export async function startVendor(
  wire: VendorWire,
  listening: Serve = serveHttp1,
): Promise<VendorFake> {
  const planned: VendorFault[] = [];
  let requests = 0;
  let abandoned = 0;
  const serve = async (request: VendorRequest, response: VendorResponse): Promise<void> => {
    let isEnded = false;
    const end = response.end.bind(response);
    response.end = (text) => {
      isEnded = true;
      return end(text);
    };
    response.once("close", () => void (abandoned += isEnded ? 0 : 1));
    const body: unknown = await json(request).catch(() => undefined);
    if (!wire.isAuthorized(request)) return refuse(wire, response, "unauthenticated", "");
    requests += 1;
    await answer(wire, response, wire.decode(request.url ?? "", body), planned.shift());
  };
  const server = await listening((request, response) => {
    serve(request, response).catch((error: unknown) => {
      // A request that the vendor's schema does not take is a defect of the driver, and must look like one.
      response.writeHead(400, { "content-type": "application/json" });
      response.end(JSON.stringify({ message: String(error) }));
    });
  });
  return {
    url: server.url,
    requests: () => requests,
    abandoned: () => abandoned,
    plan: (...faults) => void planned.push(...faults),
    stop: () => server.close(),
  };
}

async function answer(
  wire: VendorWire,
  response: VendorResponse,
  call: VendorCall | undefined,
  fault: VendorFault | undefined,
): Promise<void> {
  if (call === undefined) return refuse(wire, response, "no-model", "");
  if (fault?.kind === "hang") return;
  if (fault?.kind === "refuse") {
    const quoted = JSON.stringify(call.request);
    return refuse(wire, response, fault.refusal, quoted, fault.retryAfter);
  }
  if (call.kind === "embed")
    return sendJson(response, wire.vectors(vectorsOf(call.request)), fault);
  const said = embeddedReply(call.request);
  const reply: ChatReply = fault?.kind === "filter-answer" ? { ...said, finish: "filtered" } : said;
  if (call.kind === "chat") return sendJson(response, wire.reply(reply), fault);
  response.writeHead(200, { "content-type": wire.streamType });
  const pieces =
    fault?.kind === "garbage" ? [Buffer.from("data: {]\n\n")] : wire.pieces(deltasOf(reply));
  const last = fault?.kind === "cut" || fault?.kind === "end" ? fault.afterPieces : pieces.length;
  for (const piece of pieces.slice(0, last)) await sendTorn(response, piece);
  if (fault?.kind !== "cut") return void response.end();
  // What was written has to leave first.
  await sleep(20);
  response.cut();
}

/** Packets end anywhere: in the middle of an event, of a frame, of a letter. */
async function sendTorn(response: VendorResponse, piece: Buffer): Promise<void> {
  const middle = piece.findIndex((byte) => byte > 0x7f) + 1 || piece.length >> 1;
  response.write(piece.subarray(0, middle));
  await sleep(1);
  response.write(piece.subarray(middle));
}

function sendJson(response: VendorResponse, body: object, fault: VendorFault | undefined): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(fault?.kind === "garbage" ? '{"choices": [' : JSON.stringify(body));
}

function refuse(
  wire: VendorWire,
  response: VendorResponse,
  refusal: Refusal,
  quoted: string,
  retryAfter?: string,
): void {
  const { status, body, headers = {} } = wire.refuse(refusal, quoted);
  const wait = retryAfter === undefined ? {} : { "retry-after": retryAfter };
  response.writeHead(status, { "content-type": "application/json", ...headers, ...wait });
  response.end(JSON.stringify(body));
}

function vectorsOf({ texts }: EmbedRequest): EmbedReply {
  const inputTokens = texts.reduce((sum, text) => sum + countTokens(text), 0);
  return { vectors: texts.map((text) => vectorOf(text)), inputTokens };
}
