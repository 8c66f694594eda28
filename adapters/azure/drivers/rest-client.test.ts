import { afterEach, describe, expect, it } from "vitest";
import { listen, type TestServer } from "#shared/testing";
import { storageQueue } from "./queue-storage.ts";
import { cosmosState } from "./state-cosmos.ts";
import { tableState } from "./state-table.ts";

const KEY = Buffer.from("key").toString("base64");
const at = { store: "items", partition: "p", sort: "s" };

type Driver = { codeOf(error: unknown): unknown; close(): Promise<void> };

/** One call of each client that speaks HTTP, against a server of the test's. */
const calls: Readonly<
  Record<string, (url: string) => { driver: Driver; run: () => Promise<unknown> }>
> = {
  "a Table Storage read"(url) {
    const driver = tableState(storageAccount("Table", url));
    return { driver, run: () => driver.read(at, undefined) };
  },
  "a Storage Queue send"(url) {
    const driver = storageQueue(storageAccount("Queue", url));
    return { driver, run: () => driver.send("items", [{ body: "a", delaySeconds: 0 }], undefined) };
  },
  "a Cosmos DB read"(url) {
    const driver = cosmosOf(url);
    return { driver, run: () => driver.read(at, undefined) };
  },
  "a Cosmos DB write"(url) {
    const driver = cosmosOf(url);
    const write = { kind: "put", key: at, data: "{}", rev: "1", expiresAtSeconds: null } as const;
    return { driver, run: () => driver.write({ ...write, condition: { kind: "any" } }, undefined) };
  },
};

let server: TestServer;
let asked = 0;

async function serve(status: number | "reset", headers = {}, body = "{}"): Promise<void> {
  asked = 0;
  server = await listen((request, response) => {
    asked += 1;
    if (status === "reset") request.socket.destroy();
    else response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
  });
}

afterEach(() => server.close());

describe.each(Object.entries(calls))("%s", (_name, call) => {
  it.each([
    [401, "unauthenticated"],
    [403, "permission_denied"],
    [413, "too_large"],
    [429, "resource_exhausted"],
    [500, "unavailable"],
    [503, "unavailable"],
    ["reset", "unavailable"],
  ] as const)("that meets %s asks once and is %s", async (status, code) => {
    await serve(status);
    const { driver, run } = call(server.url);
    const error: unknown = await run().catch((thrown: unknown) => thrown);
    expect(driver.codeOf(error)).toBe(code);
    expect(asked).toBe(1);
    await driver.close();
  });
});

it.each(["a Table Storage read", "a Storage Queue send"])(
  "%s that meets a busy partition is told that nothing happened",
  async (name) => {
    const body = name.includes("Table")
      ? '{"odata.error":{"code":"ServerBusy","message":{"lang":"en-US","value":"busy"}}}'
      : "<?xml version='1.0'?><Error><Code>ServerBusy</Code><Message>busy</Message></Error>";
    const type = name.includes("Table") ? "application/json" : "application/xml";
    await serve(503, { "x-ms-error-code": "ServerBusy", "content-type": type }, body);
    const { driver, run } = calls[name]?.(server.url) ?? { driver: undefined, run: async () => {} };
    const error: unknown = await run().catch((thrown: unknown) => thrown);
    expect(driver?.codeOf(error)).toBe("resource_exhausted");
    await driver?.close();
  },
);

function storageAccount(service: string, url: string): { connectionString: string } {
  const endpoint = `${service}Endpoint=${url}/account`;
  return {
    connectionString: `DefaultEndpointsProtocol=http;AccountName=account;AccountKey=${KEY};${endpoint}`,
  };
}

function cosmosOf(url: string): ReturnType<typeof cosmosState> {
  const connectionString = `AccountEndpoint=${url}/;AccountKey=${KEY};`;
  return cosmosState({ account: { connectionString }, database: "auterity", clock: Date });
}
