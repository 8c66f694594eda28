import { protos } from "@google-cloud/secret-manager";
import type { TestEngine } from "#shared/testing";
import type { SecretManagerOptions } from "../drivers/secrets-secret-manager.ts";
import { type GrpcAnswer, startGrpcServer } from "./grpc-server.conformance.ts";

/** A Secret Manager on the wire. */
export type SecretManagerFake = TestEngine & { readonly options: SecretManagerOptions };

const PROJECT = "auterity";
const ACCESS = "/google.cloud.secretmanager.v1.SecretManagerService/AccessSecretVersion";
const NOT_FOUND = 5;
const UNIMPLEMENTED = 12;
const { AccessSecretVersionRequest, AccessSecretVersionResponse } =
  protos.google.cloud.secretmanager.v1;

/** Starts it with secrets by their ids; a secret's content is bytes. */
export async function startSecretManagerFake(
  secrets: ReadonlyMap<string, Uint8Array>,
): Promise<SecretManagerFake> {
  const server = await startGrpcServer((path, message): GrpcAnswer => {
    if (path !== ACCESS) return { status: UNIMPLEMENTED };
    const { name } = AccessSecretVersionRequest.decode(message);
    const [, id = ""] =
      /^projects\/auterity\/secrets\/([\w-]+)\/versions\/latest$/.exec(name) ?? [];
    const data = secrets.get(id);
    if (data === undefined) return { status: NOT_FOUND };
    const found = { name: `projects/${PROJECT}/secrets/${id}/versions/7`, payload: { data } };
    return { message: AccessSecretVersionResponse.encode(found).finish() };
  });
  return { options: { project: PROJECT, client: server.client }, stop: () => server.stop() };
}
