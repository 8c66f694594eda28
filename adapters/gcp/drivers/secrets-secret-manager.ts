import type { SecretManagerServiceClient } from "@google-cloud/secret-manager";
import type { SecretDriver, SecretValue } from "#shared/secrets";
import * as z from "zod";
import { codeOfGoogle, connectLazily, singleAttempt, statusOf } from "./google-client.ts";

export type SecretManagerOptions = {
  readonly project: string;
  /** Stands before the ids of our secrets, so that deployments can share a project. */
  readonly namePrefix?: string;
  /** Endpoint and credentials, as Google's client takes them; the environment's when left out. */
  readonly client?: ConstructorParameters<typeof SecretManagerServiceClient>[0];
};

const Answer = z.object({
  name: z.string(),
  payload: z.object({ data: z.instanceof(Uint8Array) }),
});

const NOT_FOUND = 5;

/**
 * Secrets from Secret Manager, always the latest version. A version that is disabled or destroyed is a failure
 * (`failed_precondition`) and no absence: somebody has switched it off. Who may not list a project's secrets is
 * told `permission_denied` of an absent one.
 */
export function secretManagerSecrets(options: SecretManagerOptions): SecretDriver {
  const { project, namePrefix = "" } = options;
  const connection = connectLazily(async () => {
    const sdk = await import("./secret-manager-sdk.ts");
    return new sdk.SecretManagerServiceClient(options.client);
  });
  return {
    name: "secret-manager",
    async read(name, signal) {
      const client = await connection.get();
      const secret = `projects/${project}/secrets/${namePrefix}${secretId(name)}`;
      const call = signal === undefined ? singleAttempt : { ...singleAttempt, signal };
      try {
        const [answer] = await client.accessSecretVersion(
          { name: `${secret}/versions/latest` },
          call,
        );
        return toValue(answer);
      } catch (error) {
        if (statusOf(error) === NOT_FOUND) return undefined;
        throw error;
      }
    },
    codeOf: codeOfGoogle,
    close: () => connection.close(),
  };
}

/** Ids are of `[A-Za-z0-9_-]`, and no name of ours has an underscore: two names never share an id. */
export function secretId(name: string): string {
  return name.replaceAll("/", "_");
}

function toValue(answer: unknown): SecretValue {
  const { name, payload } = Answer.parse(answer);
  // What is no text must not come back as other text.
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  return { value: decoder.decode(payload.data), version: name.split("/").at(-1) ?? "" };
}
