import { Fault } from "#shared/errors";
import { createHttpClient, classifyStatus, type HttpResponse, type Sockets } from "#shared/http";
import type { Clock, Random } from "#shared/function";
import * as z from "zod";
import { type Credentials } from "./authorize.ts";

/** What asking for tokens needs of an invocation. */
export type TokenPorts = {
  readonly clock: Clock;
  readonly random: Random;
  readonly sockets: Sockets;
  readonly signal: AbortSignal;
  readonly remainingMs: () => number;
  /** Stands in for the vendor's origin, where an operator has their own. */
  readonly origin: string | undefined;
};

export type TokenRequest = {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: Readonly<Record<string, string>>;
  /** A second request does no harm: nothing is used up by the first. */
  readonly repeatable: boolean;
};

/** Shorter than a lease on the refresh, so that who is given up has also stopped. */
const TIMEOUT_SECONDS = 10;
const MAX_ANSWER_BYTES = 256 * 1024;

/**
 * What vendors answer when the person or the vendor has taken the permission back.
 * https://www.rfc-editor.org/rfc/rfc6749#section-5.2, https://docs.slack.dev/reference/methods/oauth.v2.access,
 * https://docs.github.com/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-oauth-app-access-token-request-errors
 */
const REVOKED: ReadonlySet<string> = new Set([
  "account_inactive",
  "bad_refresh_token",
  "bad_verification_code",
  "invalid_code",
  "invalid_grant",
  "invalid_refresh_token",
  "token_expired",
  "token_revoked",
]);

const Failed = z.object({
  error: z.string().min(1),
  error_description: z.string().optional(),
});

/**
 * Asks a vendor for tokens and gives the JSON of its answer. Throws Faults from `upstream`: `unauthenticated` with the
 * detail `revoked` where the vendor no longer takes what it was given, and without it where it does not know the
 * application. What is quoted of an answer holds none of `credentials`.
 */
export async function askForTokens(
  request: TokenRequest,
  credentials: Credentials,
  ports: TokenPorts,
): Promise<unknown> {
  let reason: string | undefined;
  let said = "";
  const { origin } = ports;
  const client = createHttpClient({
    ...ports,
    maxResponseBytes: MAX_ANSWER_BYTES,
    allowedOrigins: origin === undefined ? [] : [origin],
  });
  try {
    const response = await client.request({
      method: "POST",
      url: origin === undefined ? request.url : origin + pathOf(request.url),
      headers: {
        accept: "application/json",
        "user-agent": "auterity",
        ...contentType(request),
        ...request.headers,
      },
      body: Buffer.from(bodyOf(request)),
      repeatable: request.repeatable,
      timeoutSeconds: TIMEOUT_SECONDS,
      signal: ports.signal,
      remainingMs: ports.remainingMs,
      failureOf(answer) {
        const failed = Failed.safeParse(readJson(answer));
        if (!failed.success) return undefined;
        reason = failed.data.error;
        const code = answer.status >= 500 ? classifyStatus(answer.status) : undefined;
        said = plainly(failed.data, credentials);
        return { code: code ?? "unauthenticated", reason: said };
      },
    });
    return readJson(response);
  } catch (thrown) {
    if (!Fault.is(thrown) || reason === undefined || !REVOKED.has(reason)) throw thrown;
    throw new Fault("unauthenticated", thrown.message, {
      origin: "upstream",
      cause: thrown,
      details: { ...thrown.details, revoked: true, reason: said },
    });
  }
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

function bodyOf({ form, json }: TokenRequest): string {
  return json === undefined ? new URLSearchParams(form).toString() : JSON.stringify(json);
}

function contentType({ json }: TokenRequest): Readonly<Record<string, string>> {
  const form = "application/x-www-form-urlencoded";
  return { "content-type": json === undefined ? form : "application/json" };
}

/** The vendor's own words, without anything we sent. */
function plainly(
  { error, error_description: more }: z.infer<typeof Failed>,
  credentials: Credentials,
): string {
  const text = more === undefined ? error : `${error}: ${more}`;
  return [...credentials.values()]
    .map((secret) => secret.reveal())
    .filter((secret) => secret.length >= 4)
    .reduce((shown, secret) => shown.replaceAll(secret, "[secret]"), text);
}

function readJson({ body }: HttpResponse): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
