import type { Code } from "#shared/errors";
import { classifyStatus } from "#shared/http";
import {
  type Action,
  type ActionSpec,
  type ApiTarget,
  defineAction,
  type ErrorOf,
  type WriteIdempotency,
} from "#shared/integration";
import * as z from "zod";
import type * as gatewayWire from "./gateway-wire.ts";
import type * as lambdaWire from "./lambda-wire.ts";

/** What AWS calls errors whose status says something else, without `Exception`. */
const codes: readonly (readonly [Code, RegExp])[] = [
  [
    "unauthenticated",
    /^(?:ExpiredToken|IncompleteSignature|InvalidClientTokenId|InvalidSignature|MissingAuthenticationToken|UnrecognizedClient)$/,
  ],
  [
    "resource_exhausted",
    /^(?:CodeStorageExceeded|EC2Throttled|ENILimitReached|PolicyLengthExceeded|SubnetIPAddressLimitReached|Throttling)$/,
  ],
  ["unavailable", /^(?:EFSIO|SnapStartNotReady)$/],
  [
    "failed_precondition",
    /^(?:CodeVerificationFailed|EC2AccessDenied|EFSMountFailure|Invalid(?:CodeSignature|Runtime|SecurityGroupID|SubnetID|ZipFile)|KMS.*|RecursiveInvocation|ResourceInUse|SnapStart)$/,
  ],
];

/** What to do about the ones that are not about the input. */
const advice: Readonly<Record<string, string>> = {
  AccessDenied: "allow the IAM actions that the action names",
  CodeStorageExceeded: "delete versions and layers",
  PreconditionFailed: "read it again and use its revisionId",
  RequestTooLarge: "send less, or by way of S3",
  ResourceConflict: "await-function, then again",
  ResourceNotReady: "await-function, then again",
  SnapStartNotReady: "await-function, then again",
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
  if (name === "") return undefined;
  // One name for a name that is taken and for a change under way; only the text tells.
  const taken = status === 409 && /\bexists?\b/i.test(told?.message ?? told?.Message ?? "");
  if (taken) return { code: "already_exists", reason: `${name}, use or update what is there` };
  const short = name.replace(/Exception$/, "");
  const code = codes.find(([, names]) => names.test(short))?.[0] ?? classifyStatus(status);
  const said = Object.hasOwn(advice, short) ? `, ${advice[short]}` : "";
  return { code: code ?? "internal", reason: `${name}${said}` };
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

/** What only calls need; it is loaded with the first one. */
export type LambdaWire = typeof lambdaWire;
export type GatewayWire = typeof gatewayWire;

type WithoutCall<Spec> = Spec extends unknown
  ? Omit<Spec, "docs" | "run" | "scopes"> & { readonly scopes?: readonly string[] }
  : never;

type OneCall<I extends z.ZodType, O extends z.ZodType> = WithoutCall<ActionSpec<I, O>> & {
  /** What is asked, in Lambda's spelling. */
  readonly call: (input: z.output<I>, wire: LambdaWire) => ApiTarget;
  /** Makes the output of what comes back. */
  readonly answer: (wire: LambdaWire) => z.ZodType<z.input<O>>;
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
    async run(api, input) {
      const wire = await import("./lambda-wire.ts");
      return api.request({ ...call(input, wire), response: answer(wire) });
    },
  });
}

type OneGatewayWrite<I extends z.ZodType, O extends z.ZodType> = {
  readonly summary: string;
  readonly idempotency: WriteIdempotency;
  readonly input: I;
  readonly output: O;
  readonly call: (input: z.output<I>, wire: GatewayWire) => Omit<ApiTarget, "method" | "host">;
  readonly answer: (wire: GatewayWire) => z.ZodType<z.input<O>>;
};

/** An action that changes something of API Gateway's; the permission is named for the method. */
export function gatewayAction<I extends z.ZodType, O extends z.ZodType>(
  method: "DELETE" | "PATCH" | "POST",
  page: string,
  { call, answer, summary, idempotency, input, output }: OneGatewayWrite<I, O>,
): Action {
  return defineAction<I, O>({
    summary,
    idempotency,
    input,
    output,
    effect: "write",
    docs: gatewayDocs(page),
    scopes: [`apigateway:${method}`],
    async run(api, given) {
      const wire = await import("./gateway-wire.ts");
      const asked = { ...call(given, wire), method, host: "gateway" };
      return api.request({ ...asked, response: answer(wire) });
    },
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

/** Where to go on, as the answer before told. */
export const from = z.string().min(1).optional();

/** What a list gives: items, and where the rest begins. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

type OneList<I extends z.ZodType, T extends z.ZodType, Wire> = {
  readonly summary: string;
  readonly input: I;
  readonly call: (input: z.output<I>) => ApiTarget;
  /** One of the items, and what makes it of what comes back. */
  readonly item: T;
  readonly answer: (wire: Wire) => z.ZodType<z.input<T>>;
};

/** An action that reads a list of Lambda's, whose items stand in `member`. */
export function lambdaList<I extends Positioned, T extends z.ZodType>(
  operation: string,
  member: string,
  { summary, input, call, item, answer }: OneList<I, T, LambdaWire>,
): Action {
  return defineAction<I, ReturnType<typeof listOf<T>>>({
    summary,
    docs: lambdaDocs(operation),
    scopes: [`lambda:${operation}`],
    effect: "read",
    input,
    output: listOf(item),
    async run(api, given) {
      const [wire, { lambdaPages }] = await Promise.all([
        import("./lambda-wire.ts"),
        import("./read-pages.ts"),
      ]);
      return lambdaPages(api, call(given), member, answer(wire), given.from);
    },
  });
}

/** An action that reads a list of API Gateway's. */
export function gatewayList<I extends Positioned, T extends z.ZodType>(
  page: string,
  { summary, input, call, item, answer }: OneList<I, T, GatewayWire>,
): Action {
  return defineAction<I, ReturnType<typeof listOf<T>>>({
    summary,
    docs: gatewayDocs(page),
    scopes: ["apigateway:GET"],
    effect: "read",
    input,
    output: listOf(item),
    async run(api, given) {
      const [wire, { gatewayPages }] = await Promise.all([
        import("./gateway-wire.ts"),
        import("./read-pages.ts"),
      ]);
      return gatewayPages(api, call(given), answer(wire), given.from);
    },
  });
}

type Positioned = z.ZodType<{ readonly from?: string | undefined }>;

/** An answer without a body. */
export const Gone = z.undefined().transform(() => ({}));

/** A write that ends something. */
export const gone = {
  effect: "write",
  idempotency: staysGone,
  output: z.object({}),
  answer: () => Gone,
} as const;

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
