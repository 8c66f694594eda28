import { Fault } from "#shared/errors";
import type { HttpInput, HttpOutput } from "#shared/function";
import type { HttpCodec } from "#shared/host";
import * as z from "zod";

/**
 * Payload format 2.0, of function URLs and HTTP APIs alike; only the fields we read.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export type AwsHttpEvent = {
  readonly version: "2.0";
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[] | undefined;
  readonly body?: string | undefined;
  readonly isBase64Encoded: boolean;
  readonly requestContext: {
    readonly stage: string;
    readonly domainName: string;
    readonly http: { readonly method: string; readonly path: string; readonly sourceIp: string };
  };
};

const Result = z.object({
  statusCode: z.int(),
  headers: z.record(z.string(), z.string()),
  cookies: z.array(z.string()),
  body: z.string(),
  isBase64Encoded: z.boolean(),
});

/** What Lambda's front ends make a response of. Never left to their guess from a bare object. */
export type AwsHttpResult = Readonly<z.infer<typeof Result>>;

/**
 * Whether Lambda was called by HTTP in payload format 2.0; anything may invoke a function. Checked by hand: this is
 * the hot path, and only the fields that the codec reads matter.
 */
export function isAwsHttpEvent(event: unknown): event is AwsHttpEvent {
  if (typeof event !== "object" || event === null) return false;
  if (!("rawPath" in event && "rawQueryString" in event && "headers" in event)) return false;
  if (typeof event.rawPath !== "string" || typeof event.headers !== "object") return false;
  if (!("requestContext" in event)) return false;
  const { requestContext } = event;
  if (typeof requestContext !== "object" || requestContext === null) return false;
  if (!("http" in requestContext)) return false;
  const { http } = requestContext;
  return typeof http === "object" && http !== null && "method" in http;
}

/** AWS Lambda behind a function URL or an HTTP API. */
export const awsHttpCodec = {
  runtime: "aws",

  decode(event) {
    const { body, cookies } = event;
    const { http } = event.requestContext;
    return {
      method: http.method,
      path: withoutStage(event.rawPath, event.requestContext.stage),
      query: event.rawQueryString,
      // Lambda lifts cookies out of the headers.
      headers:
        cookies === undefined || cookies.length === 0
          ? event.headers
          : { ...event.headers, cookie: cookies.join("; ") },
      body: body === undefined ? "" : event.isBase64Encoded ? Buffer.from(body, "base64") : body,
      clientIp: http.sourceIp,
    };
  },

  encode(output) {
    // Binary is what is not text by construction, never a guess from the content type.
    return {
      statusCode: output.status,
      headers: output.headers,
      cookies: [...output.cookies],
      body: typeof output.body === "string" ? output.body : toBase64(output.body),
      isBase64Encoded: typeof output.body !== "string",
    };
  },

  emulate(input) {
    const { cookie, ...headers } = input.headers;
    const text = typeof input.body === "string" ? input.body : asText(input.body);
    return {
      version: "2.0",
      rawPath: input.path,
      rawQueryString: input.query,
      headers,
      cookies: cookie === undefined ? undefined : cookie.split("; "),
      body: input.body.length === 0 ? undefined : (text ?? toBase64(input.body)),
      isBase64Encoded: text === undefined,
      requestContext: {
        stage: "$default",
        domainName: headers["host"] ?? "localhost",
        http: { method: input.method, path: input.path, sourceIp: input.clientIp ?? "127.0.0.1" },
      },
    };
  },

  render(response): HttpOutput {
    const result = Result.parse(response);
    return {
      status: result.statusCode,
      headers: result.headers,
      cookies: result.cookies,
      body: result.isBase64Encoded ? Buffer.from(result.body, "base64") : result.body,
    };
  },
} satisfies HttpCodec<AwsHttpEvent, AwsHttpResult, AwsHttpEvent, unknown>;

// `$default` is the one stage whose name is not part of the path.
function withoutStage(path: string, stage: string): string {
  return stage !== "$default" && path.startsWith(`/${stage}/`)
    ? path.slice(stage.length + 1)
    : path;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function asText(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function toBase64(body: HttpInput["body"]): string {
  return Buffer.from(body).toString("base64");
}

/** For an event that is no HTTP request of ours. */
export function notHttpEvent(): Fault {
  return new Fault(
    "invalid_argument",
    "aws.http: the event is no payload format 2.0 request; set payloadFormatVersion to 2.0",
    { origin: "caller" },
  );
}
