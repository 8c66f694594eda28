import { expect, it } from "vitest";
import { startGrpcServer } from "../engines/grpc-server.conformance.ts";
import { codeOfGoogle, connectLazily, unlessAborted } from "./google-client.ts";
import { pubsubQueue } from "./queue-pubsub.ts";
import { firestoreState } from "./state-firestore.ts";

it("remembers a client and forgets a failed start", async () => {
  const starts: string[] = [];
  const closed: string[] = [];
  const connection = connectLazily(async () => ({
    async initialize() {
      starts.push("start");
      if (starts.length === 1) throw new Error("no credentials yet");
    },
    close: async () => void closed.push("close"),
  }));
  await expect(connection.get()).rejects.toThrow("no credentials yet");
  const [one, two] = await Promise.all([connection.get(), connection.get()]);
  expect(two).toBe(one);
  expect(await connection.get()).toBe(one);
  expect(starts).toHaveLength(2);
  await connection.close();
  expect(closed).toHaveLength(1);
});

it("closes what was never opened, or never could be", async () => {
  const connection = connectLazily<{ initialize(): Promise<void>; close(): Promise<void> }>(
    async () => {
      throw new Error("no such package");
    },
  );
  await connection.close();
  await expect(connection.get()).rejects.toThrow("no such package");
  await connection.close();
});

it("tells a network error, and nothing else of what is no Google error", () => {
  const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
  expect(codeOfGoogle(refused)).toBe("unavailable");
  for (const other of [new TypeError("x"), Object.assign(new Error("x"), { code: 99 }), 14, null]) {
    expect(codeOfGoogle(other)).toBeUndefined();
  }
});

it("stops waiting when the signal fires", async () => {
  const controller = new AbortController();
  const waiting = unlessAborted(controller.signal, () => new Promise(() => {}));
  controller.abort(new Error("over"));
  await expect(waiting).rejects.toThrow("over");
  expect(await unlessAborted(new AbortController().signal, async () => "done")).toBe("done");
});

it("makes one attempt, whatever the call: the SDK repeats nothing", async () => {
  const server = await startGrpcServer(() => ({ status: 14 }));
  const options = { project: "p", client: server.client };
  const [state, queue] = [firestoreState(options), pubsubQueue(options)];
  const key = { store: "s", partition: "p", sort: "k" };
  const range = { from: "", to: undefined, after: undefined, limit: 1, descending: false };
  const write = { kind: "delete", key, condition: { kind: "any" } } as const;
  const attempts = [
    () => state.read(key, undefined),
    () => state.list({ ...key, ...range }, undefined),
    () => state.write(write, undefined),
    () => state.transact([write], undefined),
    () => queue.send("queue", [{ body: "x", delaySeconds: 0 }], undefined),
  ];
  for (const attempt of attempts) {
    const error = await attempt().catch((thrown: unknown) => thrown);
    expect(codeOfGoogle(error)).toBe("unavailable");
  }
  expect(server.calls.map((path) => path.split("/").at(-1))).toEqual([
    "BatchGetDocuments",
    "RunQuery",
    "Commit",
    "Commit",
    "Publish",
  ]);
  await Promise.all([state.close(), queue.close()]);
  await server.stop();
});
