import type { Clock } from "#shared/function";
import { classifyStatus, openHttpStream, openSockets } from "#shared/http";
import { ModelHttpError } from "#shared/models";
import * as z from "zod";

/** Gives a token of the service account that this runs as. */
export type TokenSource = (signal: AbortSignal) => Promise<string>;

// https://cloud.google.com/compute/docs/metadata/querying-metadata
const ORIGIN = "http://metadata.google.internal";
const PATH = "/computeMetadata/v1/instance/service-accounts/default/token";
/** The server gives new ones five minutes before the old ones end; clocks differ. */
const SPARE_MS = 120_000;

const Token = z.object({ access_token: z.string(), expires_in: z.number() });

/** Tokens of the metadata server, which every Google runtime has; each is kept until shortly before its end. */
export function metadataTokens(clock: Clock, origin: string = ORIGIN): TokenSource {
  const sockets = openSockets();
  let known: { readonly token: string; readonly untilMs: number } | undefined;
  return async (signal) => {
    if (known !== undefined && clock.now() < known.untilMs) return known.token;
    const headers = { "metadata-flavor": "Google" };
    const request = {
      method: "GET",
      url: `${origin}${PATH}`,
      headers,
      signal,
      silenceSeconds: 5,
    } as const;
    const { status, body } = await openHttpStream(
      { clock, sockets, allowedOrigins: [origin] },
      { ...request, body: undefined },
    );
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    if (classifyStatus(status) !== undefined) throw new ModelHttpError(status, [], undefined);
    const given = Token.parse(JSON.parse(Buffer.concat(chunks).toString()));
    const untilMs = clock.now() + given.expires_in * 1000 - SPARE_MS;
    known = { token: given.access_token, untilMs };
    return given.access_token;
  };
}
