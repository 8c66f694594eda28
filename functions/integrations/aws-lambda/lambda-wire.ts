import * as z from "zod";
import type { sourceSettings } from "./actions/update-source.ts";
import type { urlSettings } from "./actions/create-url.ts";
import type { code } from "./actions/update-code.ts";
import type { configuration } from "./actions/update-configuration.ts";
import { time } from "./time.ts";
import { zip } from "./zip.ts";

/** Members under Lambda's spelling of their names: `memorySize` is `MemorySize`. */
export function pascal(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [
      name.slice(0, 1).toUpperCase() + name.slice(1),
      value,
    ]),
  );
}

export const FnAnswer = z
  .object({
    FunctionName: z.string(),
    FunctionArn: z.string(),
    Version: z.string(),
    Runtime: z.string().nullish(),
    Architectures: z.array(z.string()).nullish(),
    MemorySize: z.number(),
    Timeout: z.number(),
    CodeSha256: z.string(),
    CodeSize: z.number(),
    Layers: z.array(z.object({ Arn: z.string() })).nullish(),
    RevisionId: z.string().nullish(),
    LastModified: time,
    State: z.string().nullish(),
    StateReason: z.string().nullish(),
    LastUpdateStatus: z.string().nullish(),
    LastUpdateStatusReason: z.string().nullish(),
  })
  .transform((given) => ({
    name: given.FunctionName,
    arn: given.FunctionArn,
    version: given.Version,
    runtime: given.Runtime ?? null,
    architecture: given.Architectures?.[0] ?? "x86_64",
    memoryMb: given.MemorySize,
    timeoutSeconds: given.Timeout,
    codeSha256: given.CodeSha256,
    codeBytes: given.CodeSize,
    layers: (given.Layers ?? []).map((layer) => layer.Arn),
    revisionId: given.RevisionId ?? null,
    modifiedAt: given.LastModified,
    state: given.State ?? null,
    update: given.LastUpdateStatus ?? null,
    reason: given.StateReason ?? given.LastUpdateStatusReason ?? null,
  }));

export const AliasAnswer = z
  .object({
    Name: z.string(),
    AliasArn: z.string(),
    FunctionVersion: z.string(),
    RoutingConfig: z
      .object({ AdditionalVersionWeights: z.record(z.string(), z.number()).nullish() })
      .nullish(),
    RevisionId: z.string(),
  })
  .transform((given) => {
    const [other] = Object.entries(given.RoutingConfig?.AdditionalVersionWeights ?? {});
    return {
      name: given.Name,
      arn: given.AliasArn,
      version: given.FunctionVersion,
      canary: other === undefined ? null : { version: other[0], weight: other[1] },
      revisionId: given.RevisionId,
    };
  });

export const LayerAnswer = z
  .object({
    LayerVersionArn: z.string(),
    Version: z.number(),
    Description: z.string().nullish(),
    CompatibleRuntimes: z.array(z.string()).nullish(),
    CompatibleArchitectures: z.array(z.string()).nullish(),
    CreatedDate: time,
  })
  .transform((given) => ({
    arn: given.LayerVersionArn,
    version: given.Version,
    description: given.Description ?? "",
    runtimes: given.CompatibleRuntimes ?? [],
    architectures: given.CompatibleArchitectures ?? [],
    createdAt: given.CreatedDate,
  }));

export const SourceAnswer = z
  .object({
    UUID: z.string(),
    EventSourceArn: z.string().nullish(),
    FunctionArn: z.string(),
    State: z.string(),
    BatchSize: z.number().nullish(),
    LastProcessingResult: z.string().nullish(),
    LastModified: time,
  })
  .transform((given) => ({
    id: given.UUID,
    sourceArn: given.EventSourceArn ?? null,
    functionArn: given.FunctionArn,
    state: given.State,
    batchSize: given.BatchSize ?? null,
    lastResult: given.LastProcessingResult ?? null,
    modifiedAt: given.LastModified,
  }));

/** Settings as Lambda is told of them. */
export function sourceMembers(given: z.infer<z.ZodObject<typeof sourceSettings>>) {
  const { filters, reportsFailures, maxConcurrency, failuresTo } = given;
  return {
    Enabled: given.enabled,
    BatchSize: given.batchSize,
    MaximumBatchingWindowInSeconds: given.batchWindowSeconds,
    ParallelizationFactor: given.parallelization,
    BisectBatchOnFunctionError: given.bisectOnError,
    MaximumRetryAttempts: given.maxRetries,
    MaximumRecordAgeInSeconds: given.maxAgeSeconds,
    ...(filters && {
      FilterCriteria: { Filters: filters.map((one) => ({ Pattern: JSON.stringify(one) })) },
    }),
    ...(reportsFailures !== undefined && {
      FunctionResponseTypes: reportsFailures ? ["ReportBatchItemFailures"] : [],
    }),
    ...(maxConcurrency !== undefined && { ScalingConfig: { MaximumConcurrency: maxConcurrency } }),
    ...(failuresTo !== undefined && {
      DestinationConfig: { OnFailure: { Destination: failuresTo } },
    }),
  };
}

export const UrlAnswer = z
  .object({
    FunctionUrl: z.string(),
    FunctionArn: z.string(),
    AuthType: z.string(),
    InvokeMode: z.string().nullish(),
  })
  .transform((given) => ({
    url: given.FunctionUrl,
    functionArn: given.FunctionArn,
    auth: given.AuthType,
    stream: given.InvokeMode === "RESPONSE_STREAM",
  }));

/** Settings as Lambda is told of them. */
export function urlMembers(given: z.infer<z.ZodObject<typeof urlSettings>>) {
  return {
    AuthType: given.auth,
    ...(given.stream !== undefined && {
      InvokeMode: given.stream ? "RESPONSE_STREAM" : "BUFFERED",
    }),
    ...(given.cors && { Cors: pascal(given.cors) }),
  };
}

/** A package as Lambda is told of it. */
export function codeMembers(given: z.infer<typeof code>): Record<string, string | undefined> {
  if ("files" in given) return { ZipFile: zip(given.files).toString("base64") };
  if ("zip" in given) return { ZipFile: given.zip };
  if ("image" in given) return { ImageUri: given.image };
  return { S3Bucket: given.bucket, S3Key: given.key, S3ObjectVersion: given.objectVersion };
}

/** Settings as Lambda is told of them. */
export function configurationMembers(
  given: Partial<z.infer<z.ZodObject<typeof configuration>>>,
): Record<string, unknown> {
  const { timeoutSeconds, memoryMb, storageMb, environment, tracing, snapStart, ...rest } = given;
  return {
    ...pascal(rest),
    Timeout: timeoutSeconds,
    MemorySize: memoryMb,
    ...(storageMb === undefined ? {} : { EphemeralStorage: { Size: storageMb } }),
    ...(environment === undefined ? {} : { Environment: { Variables: environment } }),
    ...(tracing === undefined ? {} : { TracingConfig: { Mode: tracing } }),
    ...(snapStart === undefined ? {} : { SnapStart: { ApplyOn: snapStart } }),
  };
}

export const provisionedMembers = {
  RequestedProvisionedConcurrentExecutions: z.number(),
  AvailableProvisionedConcurrentExecutions: z.number().nullish(),
  Status: z.string(),
  StatusReason: z.string().nullish(),
};

export function provisionedOf(given: z.infer<z.ZodObject<typeof provisionedMembers>>) {
  return {
    requested: given.RequestedProvisionedConcurrentExecutions,
    available: given.AvailableProvisionedConcurrentExecutions ?? 0,
    status: given.Status,
    reason: given.StatusReason ?? null,
  };
}
