import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { expect, it } from "vitest";
import { stateConformance } from "../../shared/state/conformance.ts";
import type { StateRange, StateWrite } from "#shared/state";
import { dynamoDbState } from "./drivers/state-dynamodb.ts";
import { startDynamoDbLocal } from "./engines/dynamodb-local.conformance.ts";
import { lateServer, withEngine } from "#shared/testing";

const put = (sort: string, data: string): StateWrite => ({
  kind: "put",
  key: { store: "items", partition: "acme~~a", sort },
  data,
  rev: "r1",
  expiresAtSeconds: 1_767_225_600,
  condition: { kind: "any" },
});

await withEngine("state on DynamoDB", startDynamoDbLocal, ({ connection, table }) => {
  const open = () => dynamoDbState({ ...connection, table });

  const openLate = async () => {
    const server = await lateServer(connection.endpoint ?? "");
    const endpoint = `http://127.0.0.1:${server.port}`;
    return { ...server, driver: dynamoDbState({ ...connection, endpoint, table }) };
  };

  stateConformance("DynamoDB", { engine: "DynamoDB Local", open: async () => open(), openLate });

  it("stores a row as text, with an expiry that DynamoDB's own TTL understands", async () => {
    const driver = open();
    await driver.write(put("1", "{}"), undefined);
    const client = new DynamoDBClient(connection);
    const Key = { pk: { S: "items/acme~~a" }, sk: { S: "1" } };
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key }));
    expect(Item).toEqual({
      ...Key,
      data: { S: "{}" },
      rev: { S: "r1" },
      // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-how-to.html
      expiresAtSeconds: { N: "1767225600" },
    });
    client.destroy();
    await driver.close();
  });

  it("lists what is larger than a page of DynamoDB", async () => {
    const driver = open();
    const sorts = ["a", "b", "c", "d", "e"];
    for (const sort of sorts)
      await driver.write(put(`large-${sort}`, sort.repeat(350_000)), undefined);
    const range: StateRange = {
      store: "items",
      partition: "acme~~a",
      from: "large-",
      to: "large-~~",
      limit: 10,
      descending: false,
      after: undefined,
    };
    const listed = async (other: Partial<StateRange>) => {
      const rows = await driver.list({ ...range, ...other }, undefined);
      return rows.map(({ data }) => data[0]).join("");
    };
    expect(await listed({})).toBe("abcde");
    expect(await listed({ limit: 4 })).toBe("abcd");
    expect(await listed({ descending: true })).toBe("edcba");
    expect(await listed({ after: "large-b" })).toBe("cde");
    expect(await listed({ after: "large-b", descending: true })).toBe("a");
    expect(await listed({ to: "large-c" })).toBe("ab");
    // A cursor outside of the range, on either side, and a range that is empty.
    expect(await listed({ after: "k" })).toBe("abcde");
    expect(await listed({ after: "z" })).toBe("");
    expect(await listed({ after: "z", descending: true })).toBe("edcba");
    expect(await listed({ after: "k", descending: true })).toBe("");
    expect(await listed({ from: "large-d", to: "large-b" })).toBe("");
    await driver.close();
  });
});
