import type { ChannelCredentials } from "@grpc/grpc-js";

/** What Google's clients need to reach an emulator, which has neither TLS nor credentials. */
export type EmulatorClient = {
  readonly servicePath: string;
  readonly port: number;
  readonly sslCreds: ChannelCredentials;
};

/**
 * Client options for an emulator at `host:port`, as `FIRESTORE_EMULATOR_HOST` and `PUBSUB_EMULATOR_HOST` name it; the
 * generated clients do not read these themselves. https://cloud.google.com/pubsub/docs/emulator#env
 */
export async function emulatorClient(address: string): Promise<EmulatorClient> {
  const { hostname, port } = new URL(`http://${address}`);
  const { credentials } = await import("./grpc-sdk.ts");
  return { servicePath: hostname, port: Number(port), sslCreds: credentials.createInsecure() };
}
