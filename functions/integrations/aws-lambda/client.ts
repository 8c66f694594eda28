import type { Code } from "#shared/errors";
import {
  type Action,
  type ActionSpec,
  type ApiTarget,
  defineAction,
  type ErrorOf,
} from "#shared/integration";
import * as z from "zod";

/** What AWS calls its errors, by category, and what to do about the ones that need saying. */
const codes: Readonly<Record<string, readonly [Code, string?]>> = {
  AccessDeniedException: ["permission_denied", "allow the IAM actions that the action names"],
  BadRequestException: ["invalid_argument"],
  CodeStorageExceededException: ["resource_exhausted", "delete unused versions and layers"],
  CodeVerificationFailedException: ["failed_precondition", "sign the package"],
  ConflictException: ["failed_precondition", "wait for the change under way"],
  EC2ThrottledException: ["resource_exhausted"],
  ExpiredTokenException: ["unauthenticated", "store new temporary credentials"],
  IncompleteSignature: ["unauthenticated"],
  InvalidClientTokenId: ["unauthenticated", "check the access key"],
  InvalidCodeSignatureException: ["failed_precondition", "sign the package"],
  InvalidParameterValueException: ["invalid_argument"],
  InvalidRequestContentException: ["invalid_argument", "send JSON"],
  InvalidRuntimeException: ["failed_precondition", "update the runtime"],
  InvalidSignatureException: ["unauthenticated", "check the secret key"],
  InvalidSecurityGroupIDException: ["failed_precondition", "correct the VPC settings"],
  InvalidSubnetIDException: ["failed_precondition", "correct the VPC settings"],
  InvalidZipFileException: ["failed_precondition", "upload a valid package"],
  KMSAccessDeniedException: ["failed_precondition", "let the role use the key"],
  KMSDisabledException: ["failed_precondition", "enable the key"],
  NotFoundException: ["not_found"],
  PolicyLengthExceededException: ["resource_exhausted", "remove permissions"],
  PreconditionFailedException: ["failed_precondition", "read it again and use its revisionId"],
  ProvisionedConcurrencyConfigNotFoundException: ["not_found"],
  RecursiveInvocationException: ["failed_precondition", "break the loop of invocations"],
  RequestTooLargeException: ["too_large", "send less or by way of S3"],
  ResourceConflictException: ["failed_precondition", "await-function, then again"],
  ResourceInUseException: ["failed_precondition", "wait until its state settles"],
  ResourceNotFoundException: ["not_found"],
  ResourceNotReadyException: ["unavailable", "await-function, then again"],
  ServiceException: ["unavailable"],
  SnapStartException: ["failed_precondition", "see the log of the function's start"],
  SnapStartNotReadyException: ["unavailable", "await-function, then again"],
  SnapStartTimeoutException: ["deadline_exceeded"],
  SubnetIPAddressLimitReachedException: ["resource_exhausted", "use larger subnets"],
  ThrottlingException: ["resource_exhausted"],
  TooManyRequestsException: ["resource_exhausted"],
  UnrecognizedClientException: ["unauthenticated", "check the access key"],
  ValidationException: ["invalid_argument"],
};

const Told = z.object({
  __type: z.string().optional(),
  message: z.string().optional(),
  Message: z.string().optional(),
});

/**
 * The name of an error stands in a header or in the body, with a namespace before it or an address after it:
 * https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization
 */
export const errorOf: ErrorOf = ({ status, headers, body }) => {
  if (status < 300) return undefined;
  const told = Told.safeParse(body).data;
  const name = (headers["x-amzn-errortype"] ?? told?.__type ?? "").replace(/^.*#|:.*$/g, "");
  const known = Object.hasOwn(codes, name) ? codes[name] : undefined;
  if (known === undefined) return undefined;
  // One name for a name that is taken and for a change under way; only the text tells.
  const taken = status === 409 && /\bexists?\b/i.test(told?.message ?? told?.Message ?? "");
  if (taken) return { code: "already_exists", reason: `${name}, use or update what is there` };
  const [code, advice] = known;
  return { code, reason: advice === undefined ? name : `${name}, ${advice}` };
};

/** Why most writes here may be repeated. */
export const sameTwice = { kind: "natural", why: "the same settings twice are the same" } as const;
export const staysGone = {
  kind: "natural",
  why: "what is deleted stays so; a repeat says not_found",
} as const;
export const uniqueName = {
  kind: "natural",
  why: "names are unique; a repeat says already_exists",
} as const;

type WithoutCall<Spec> = Spec extends unknown
  ? Omit<Spec, "docs" | "run" | "scopes"> & { readonly scopes?: readonly string[] }
  : never;

type OneCall<I extends z.ZodType, O extends z.ZodType> = WithoutCall<ActionSpec<I, O>> & {
  /** What is asked. */
  readonly call: (input: z.output<I>) => ApiTarget;
  /** Makes the output of what comes back. */
  readonly answer: z.ZodType<z.input<O>>;
};

/** An action that is one operation of Lambda's; `scopes` are those beside the operation's own. */
export function lambdaAction<I extends z.ZodType, O extends z.ZodType>(
  operation: string,
  { call, answer, scopes = [], ...described }: OneCall<I, O>,
): Action {
  return defineAction<I, O>({
    ...described,
    docs: lambdaDocs(operation),
    scopes: [`lambda:${operation}`, ...scopes],
    run: (api, input) => api.request({ ...call(input), response: answer }),
  });
}

/** An action that is one operation of API Gateway's for HTTP APIs. */
export function gatewayAction<I extends z.ZodType, O extends z.ZodType>(
  page: string,
  { call, answer, scopes = [], ...described }: OneCall<I, O>,
): Action {
  return defineAction<I, O>({
    ...described,
    docs: gatewayDocs(page),
    scopes,
    run: (api, input) => api.request({ ...call(input), host: "gateway", response: answer }),
  });
}

/** Where AWS describes an operation of Lambda's. */
export function lambdaDocs(operation: string): `https://${string}` {
  return `https://docs.aws.amazon.com/lambda/latest/api/API_${operation}.html`;
}

/** Where AWS describes a resource of API Gateway's. */
export function gatewayDocs(page: string): `https://${string}` {
  return `https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/${page}.html`;
}

/** Members under Lambda's spelling of their names: `memorySize` is `MemorySize`. */
export function pascal(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [
      name.slice(0, 1).toUpperCase() + name.slice(1),
      value,
    ]),
  );
}

/** An answer without a body. */
export const Gone = z.undefined().transform(() => ({}));
export const Done = z.object({});

/** A function's name, or its whole ARN for one of another account. */
export const functionName = z
  .string()
  .regex(/^(?:arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:)?[\w-]{1,64}$/);
/** A version or an alias. */
export const qualifier = z.string().regex(/^(?:\$LATEST|[\w-]{1,128})$/);
export const version = z.string().regex(/^\d{1,19}$/);
/** An alias cannot look like a version: https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html */
export const alias = z.string().regex(/^(?!\d+$)[\w-]{1,128}$/);
export const revisionId = z.string().min(1).max(64);
export const description = z.string().max(256);
export const arn = z.string().regex(/^arn:aws[a-z-]*:[\w-]+:[\w-]*:\d{0,12}:.+$/);
/** Of a gateway's API, route, integration or authorizer. */
export const id = z.string().regex(/^[a-z0-9]{1,32}$/);

export const architecture = z.enum(["x86_64", "arm64"]);
/** New ones come often; `provided.al2023` runs whatever the package's `bootstrap` is. */
export const runtime = z
  .string()
  .regex(/^(?:nodejs|python|java|dotnet|ruby|provided)[a-z0-9.]*$/)
  .max(32);

/** A time of Lambda's, `2026-11-21T10:00:00.000+0000`, or seconds since 1970. */
export const time = z
  .union([z.string(), z.number().transform((seconds) => seconds * 1_000)])
  .transform((given, context) => {
    const ms = typeof given === "number" ? given : Date.parse(given);
    if (Number.isFinite(ms)) return new Date(ms).toISOString();
    context.addIssue({ code: "custom", message: "is no time" });
    return z.NEVER;
  });
