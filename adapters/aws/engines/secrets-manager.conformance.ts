import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { json } from "node:stream/consumers";
import * as z from "zod";
import { listen } from "../../../shared/testing/listen.ts";
import type { AwsConnection } from "../drivers/aws-client.ts";
import type { TestEngine } from "#shared/testing";

/** A Secrets Manager in this process that speaks its wire protocol to the real client. */
export type SecretsManagerFake = TestEngine & {
  readonly connection: AwsConnection;
  /** Makes a value the current version of a secret. */
  put(name: string, value: string | Uint8Array): void;
  /** Schedules a secret's deletion: until then it exists and cannot be read. */
  scheduleDeletion(name: string): void;
};

type Secret = { value: string | Uint8Array; version: string; isDeleted: boolean };

type Answer = { readonly status: number; readonly body: object };

const Request = z.object({ SecretId: z.string().min(1).max(2048) });

/**
 * Starts the fake. It answers `GetSecretValue` as the service does: JSON 1.1, operation in `x-amz-target`, errors as
 * `__type`, requests signed (the signature itself is not verified).
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
export async function startSecretsManagerFake(): Promise<SecretsManagerFake> {
  const secrets = new Map<string, Secret>();
  const server = await listen((request, response) => {
    void answerTo(request, secrets).then(({ status, body }) => {
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify(body));
    });
  });
  return {
    connection: {
      region: "eu-central-1",
      endpoint: server.url,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    },
    put: (name, value) =>
      void secrets.set(name, { value, version: randomUUID(), isDeleted: false }),
    scheduleDeletion(name) {
      const secret = secrets.get(name);
      if (secret !== undefined) secret.isDeleted = true;
    },
    stop: () => server.close(),
  };
}

async function answerTo(
  request: IncomingMessage,
  secrets: ReadonlyMap<string, Secret>,
): Promise<Answer> {
  const { "x-amz-target": target, authorization = "", "content-type": type } = request.headers;
  if (!authorization.startsWith("AWS4-HMAC-SHA256 Credential=")) {
    return refusal("MissingAuthenticationTokenException", "Missing Authentication Token");
  }
  if (target !== "secretsmanager.GetSecretValue" || type !== "application/x-amz-json-1.1") {
    return refusal("UnknownOperationException", "");
  }
  const parsed = Request.safeParse(await json(request).catch(() => undefined));
  if (!parsed.success) return refusal("ValidationException", "1 validation error detected");
  const { SecretId: name } = parsed.data;
  const secret = secrets.get(name);
  if (secret === undefined) {
    return refusal("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
  }
  return secret.isDeleted
    ? refusal("InvalidRequestException", "The secret was marked for deletion.")
    : { status: 200, body: contentOf(name, secret) };
}

function contentOf(name: string, { value, version }: Secret): object {
  const content =
    typeof value === "string"
      ? { SecretString: value }
      : { SecretBinary: Buffer.from(value).toString("base64") };
  return {
    ARN: `arn:aws:secretsmanager:eu-central-1:000000000000:secret:${name}-AbCdEf`,
    Name: name,
    VersionId: version,
    VersionStages: ["AWSCURRENT"],
    CreatedDate: 1_767_225_600,
    ...content,
  };
}

function refusal(type: string, message: string): Answer {
  return { status: 400, body: { __type: type, Message: message } };
}
