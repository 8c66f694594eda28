import * as z from "zod";

/**
 * What travels between the Functions host and its Node worker; only the fields we read or write.
 * https://github.com/Azure/azure-functions-language-worker-protobuf/blob/dev/src/proto/FunctionRpc.proto
 */
export type AzureHttpData = {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: { readonly bytes: Uint8Array } | null;
};

/** One value on its way to the worker. */
export type AzureTypedData =
  | { readonly string: string }
  | { readonly json: string }
  | { readonly bytes: Uint8Array }
  | { readonly http: AzureHttpData };

/** One invocation as the host hands it to the worker: the trigger's value and what is known about it. */
export type AzureTrigger = {
  readonly data: AzureTypedData;
  readonly triggerMetadata?: Readonly<Record<string, AzureTypedData>>;
};

const text = z.object({ value: z.string() }).nullish();
const flag = z.object({ value: z.boolean() }).nullish();

const RpcCookie = z.object({
  name: z.string(),
  value: z.string(),
  domain: text,
  path: text,
  expires: z.object({ value: z.object({ seconds: z.number() }) }).nullish(),
  secure: flag,
  httpOnly: flag,
  sameSite: z.enum(["none", "lax", "strict", "explicitNone"]),
  maxAge: z.object({ value: z.number() }).nullish(),
});

/** A cookie as the worker hands it to the host, which writes the Set-Cookie line. */
export type RpcCookie = z.infer<typeof RpcCookie>;

const RpcHttpAnswer = z.object({
  statusCode: z.string(),
  headers: z.record(z.string(), z.string()),
  cookies: z.array(RpcCookie),
  body: z.object({ bytes: z.instanceof(Uint8Array) }).nullish(),
});

/** The worker's answer to one invocation: whether it failed, and the returned value where there is one. */
export const AzureInvocationResponse = z.object({
  status: z.enum(["success", "failure"]),
  returnValue: z.object({ http: RpcHttpAnswer.optional() }).nullish(),
});
