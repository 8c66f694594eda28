import type { Credentials } from "#shared/auth";
import { bodyBytes, type RawRequest } from "#shared/function";
import { createHttpClient, type Sockets } from "#shared/http";
import type { DocumentCache, HandshakeTrust, WebhookRequest } from "#shared/webhooks";
import { type Connections, previousField } from "./connection.ts";
import type { DeliverContext } from "./deliver.ts";

/** What receiving webhooks keeps beyond an invocation: pools of connections, and what vendors publish. */
export type WebhookResources = { readonly sockets: Sockets; readonly documents: DocumentCache };

/** What a connection believes, and how it gets what its vendor publishes. */
export function trustOf(
  { sockets, documents }: WebhookResources,
  ctx: DeliverContext,
  credentials: Credentials,
  secretField: string,
): HandshakeTrust {
  const { clock, random, signal } = ctx;
  // Keys and certificates take a few kilobytes.
  const client = createHttpClient({ clock, random, sockets, maxResponseBytes: 262_144 });
  const credential = (field: string): string | undefined => credentials.get(field)?.reveal();
  const nowMs = clock.now();
  return {
    secrets: [secretField, previousField(secretField)].flatMap((field) => credential(field) ?? []),
    nowMs,
    credential,
    documents: documents.open({
      nowMs,
      load: async (url) => {
        const { body } = await client.request({
          method: "GET",
          url,
          signal,
          remainingMs: () => ctx.remainingMs(),
          timeoutSeconds: 3,
        });
        return body;
      },
    }),
  };
}

/**
 * The request as the vendor sent it. Some sign the address, which proxies and clouds change on the way:
 * `AUTERITY_PUBLIC_URL` is what stands before our paths out there. Without it the host header is believed, which the
 * signature then covers, too.
 */
export function askedOf(request: RawRequest, settings: Connections["settings"]): WebhookRequest {
  const { method, path, query, headers } = request;
  const setting = settings["AUTERITY_PUBLIC_URL"];
  const base =
    setting === undefined || setting === ""
      ? `https://${headers["host"] ?? "localhost"}`
      : setting.replace(/\/+$/, "");
  const url = base + path + (query === "" ? "" : `?${query}`);
  return { method, url, headers, body: bodyBytes(request) };
}
