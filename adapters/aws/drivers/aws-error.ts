import type { Code } from "#shared/errors";
import * as z from "zod";

/**
 * What the SDK's errors and Node's socket errors mean, by name.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html#API_GetSecretValue_Errors
 * https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html#API_PublishBatch_Errors
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
const codes: Readonly<Record<string, Code>> = {
  AbortError: "cancelled",
  TimeoutError: "deadline_exceeded",
  ECONNREFUSED: "unavailable",
  ECONNRESET: "unavailable",
  ENOTFOUND: "unavailable",
  EAI_AGAIN: "unavailable",
  EPIPE: "unavailable",
  ETIMEDOUT: "deadline_exceeded",
  RequestTimeout: "deadline_exceeded",
  AccessDenied: "permission_denied",
  AccessDeniedException: "permission_denied",
  AuthorizationError: "permission_denied",
  AuthorizationErrorException: "permission_denied",
  NotAuthorizedForSourceException: "permission_denied",
  CredentialsProviderError: "unauthenticated",
  ExpiredTokenException: "unauthenticated",
  IncompleteSignature: "unauthenticated",
  InvalidAccessKeyId: "unauthenticated",
  InvalidClientTokenId: "unauthenticated",
  InvalidSignatureException: "unauthenticated",
  SignatureDoesNotMatch: "unauthenticated",
  UnrecognizedClientException: "unauthenticated",
  BatchRequestTooLong: "too_large",
  EntityTooLarge: "too_large",
  InvalidMessageContents: "invalid_argument",
  InvalidArgument: "invalid_argument",
  InvalidParameter: "invalid_argument",
  InvalidParameterException: "invalid_argument",
  InvalidParameterValue: "invalid_argument",
  MalformedDetail: "invalid_argument",
  ValidationException: "invalid_argument",
  DecryptionFailure: "failed_precondition",
  InvalidRequestException: "failed_precondition",
  NotFound: "not_found",
  NotFoundException: "not_found",
  NoSuchBucket: "not_found",
  QueueDoesNotExist: "not_found",
  ResourceNotFoundException: "not_found",
  ProvisionedThroughputExceededException: "resource_exhausted",
  RequestLimitExceeded: "resource_exhausted",
  RequestThrottled: "resource_exhausted",
  SlowDown: "resource_exhausted",
  Throttled: "resource_exhausted",
  ThrottledException: "resource_exhausted",
  ThrottlingException: "resource_exhausted",
  InternalError: "unavailable",
  InternalErrorException: "unavailable",
  InternalException: "unavailable",
  InternalFailure: "unavailable",
  ServiceUnavailable: "unavailable",
  // Another conditional write of the same object was faster; nothing was written.
  ConditionalRequestConflict: "aborted",
  // Another transaction holds one of the items; nothing was written.
  TransactionCanceledException: "aborted",
  TransactionConflictException: "aborted",
};

const AwsError = z.object({
  name: z.string().optional(),
  code: z.string().optional(),
  $metadata: z.object({ httpStatusCode: z.number().optional() }).optional(),
});

/** The category of an error of the AWS SDK, `undefined` when it is none that we know. */
export function codeOfAws(error: unknown): Code | undefined {
  const parsed = AwsError.safeParse(error);
  if (!parsed.success) return undefined;
  const { name = "", code = "", $metadata } = parsed.data;
  // The code first: the SDK names a connection that was cut TimeoutError.
  const known = codes[code] ?? codes[name];
  if (known !== undefined) return known;
  const status = $metadata?.httpStatusCode ?? 0;
  return status >= 500 ? "unavailable" : undefined;
}
