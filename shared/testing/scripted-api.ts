import type { HttpRequest, HttpResponse, VendorStreamRequest } from "#shared/http";
import type { ApiOptions, OpenedApi } from "#shared/integration";
// Its index may not export it: what does is loaded at the start of every function.
import { openApi } from "../integration/api.ts";
import { FakeClock } from "./fake-clock.ts";
import { seededRandom } from "./seeded-random.ts";

/** What a client was asked; the body as text. */
export type Sent = Pick<HttpRequest, "method" | "url" | "repeatable" | "accept"> & {
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
};

/** An answer: a text or JSON body, or a failure instead of one. */
export type Scripted =
  | (Partial<Omit<HttpResponse, "body">> & { readonly text?: string; readonly json?: unknown })
  | Error;

export type ScriptedApi = OpenedApi & { readonly sent: readonly Sent[]; readonly clock: FakeClock };

/**
 * An api over a client that remembers what it is asked and gives `answers` in order, the last one for ever. For what
 * stands above the client; the real one is used in the contract of the integrations.
 */
export function scriptedApi(
  answers: readonly Scripted[],
  options: Partial<ApiOptions> = {},
): ScriptedApi {
  const sent: Sent[] = [];
  const clock = new FakeClock();
  const next = (request: HttpRequest | VendorStreamRequest): HttpResponse => {
    const answer = answers[Math.min(sent.length, answers.length - 1)] ?? {};
    const { method, url, headers = {}, body, repeatable } = request;
    const accept = "accept" in request ? request.accept : undefined;
    const text = new TextDecoder().decode(body);
    sent.push({
      method,
      url,
      headers,
      text,
      ...(repeatable === undefined ? {} : { repeatable }),
      ...(accept === undefined ? {} : { accept }),
    });
    if (answer instanceof Error) throw answer;
    const content = answer.text ?? (answer.json === undefined ? "" : JSON.stringify(answer.json));
    return { status: 200, headers: {}, ...answer, body: new TextEncoder().encode(content) };
  };
  const opened = openApi({
    client: {
      request: async (request) => next(request),
      stream: async (request) => {
        const { status, headers, body } = next(request);
        return { status, headers, body: bytewise(body) };
      },
    },
    clock,
    random: seededRandom(1),
    http: { baseUrl: "https://api.example.com/v2/" },
    baseUrl: options.http?.baseUrl ?? "https://api.example.com/v2/",
    own: false,
    config: {},
    authorize: async (request) => ({
      ...request,
      headers: { ...request.headers, authorization: "Bearer x" },
    }),
    headers: {},
    effect: "write",
    idempotency: undefined,
    key: "call-1",
    signal: new AbortController().signal,
    remainingMs: () => 30_000 - (clock.now() - Date.UTC(2026, 0, 1)),
    ...options,
  });
  return { ...opened, sent, clock };
}

async function* bytewise(body: Uint8Array): AsyncGenerator<Uint8Array, void> {
  for (const byte of body) yield Uint8Array.of(byte);
}
