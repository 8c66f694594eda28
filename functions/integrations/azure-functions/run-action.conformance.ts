import { bindFunction } from "#shared/host";
import { integrationFunction } from "#shared/integration";
import { memoryToken, replayServer, type Replayed, socketPorts } from "#shared/testing";
import * as z from "zod";
import integration from "./index.ts";

const credentials = {
  "client-id": "c",
  "client-secret": "s",
  "tenant-id": "72f988bf-86f1-41af-91ab-2d7cd011db47",
  "subscription-id": "34adfa4f-cedf-4dc0-ba29-b6d1a69ab345",
};
const secrets = Object.fromEntries(
  Object.entries(credentials).map(([field, value]) => [
    `connections/default/azure-functions/default/${field}`,
    value,
  ]),
);
const Body = z.record(z.string(), z.json());

/** Runs an action against recorded answers; gives its answer and what it sent. */
export async function runAction(
  action: string,
  input: unknown,
  answers: readonly Replayed[],
  remainingMs = 20_000,
) {
  const server = await replayServer(answers);
  const ports = socketPorts({
    secrets,
    settings: { AUTERITY_BASE_URL_AZURE_FUNCTIONS: server.url },
  });
  const definition = integrationFunction(integration, { subscribers: [] });
  const output = await bindFunction(definition, ports, "test").http(
    {
      method: "POST",
      path: `/v1/integrations/azure-functions/actions/${action}`,
      query: "",
      headers: { authorization: `Bearer ${memoryToken}` },
      body: JSON.stringify(input),
      clientIp: undefined,
    },
    { id: "azure-0001", remainingMs: () => remainingMs },
  );
  await server.close();
  return {
    status: output.status,
    body: Body.parse(JSON.parse(String(output.body))),
    sent: server.seen.map(({ recorded }) => recorded),
    keys: server.seen.map(({ headers }) => headers["x-functions-key"]),
  };
}
