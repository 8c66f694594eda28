import { bindFunction } from "#shared/host";
import { integrationFunction } from "#shared/integration";
import { memoryToken, type Replayed, replayServer, socketPorts } from "#shared/testing";
import integration from "../index.ts";

/** The repository of all tests. */
export const place = { owner: "octo-org", repo: "shop" };

/** What an action gave, and what it asked: `GET /repos/…` with a JSON body if there was one. */
export type Called = {
  readonly status: number;
  readonly body: unknown;
  readonly asked: readonly (readonly [string] | readonly [string, unknown])[];
  /** The `authorization` of each request. */
  readonly credentials: readonly (string | undefined)[];
};

/** Runs an action through the real client against answers that GitHub might give. */
export async function callAction(
  action: string,
  input: unknown,
  answers: readonly Replayed[],
): Promise<Called> {
  const server = await replayServer(answers);
  const ports = socketPorts({
    secrets: { "connections/default/github-actions/default/token": "t" },
    settings: { AUTERITY_BASE_URL_GITHUB_ACTIONS: server.url },
  });
  const definition = integrationFunction(integration, { subscribers: [] });
  const output = await bindFunction(definition, ports, "test").http(
    {
      method: "POST",
      path: `/v1/integrations/github-actions/actions/${action}`,
      query: "",
      headers: { authorization: `Bearer ${memoryToken}` },
      body: JSON.stringify(input),
      clientIp: undefined,
    },
    { id: "github-0001", remainingMs: () => 20_000 },
  );
  await server.close();
  return {
    status: output.status,
    body: JSON.parse(String(output.body)) as unknown,
    asked: server.seen.map(({ method, host, path, json }) => {
      const where = `${method} ${host === undefined ? "" : `//${host}`}${path}`;
      return json === undefined ? ([where] as const) : ([where, json] as const);
    }),
    credentials: server.seen.map(({ headers }) => headers.authorization),
  };
}
