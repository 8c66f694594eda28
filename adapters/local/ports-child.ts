import { memoryTelemetry } from "#shared/telemetry";
import { localPorts } from "./ports.ts";

/** A host's process as a generated entry sees it: uses every port once and reports what it got. */
const ports = localPorts("gcp", memoryTelemetry());
const key = { store: "s", partition: "p", sort: "k" };
const condition = { kind: "any" } as const;
const put = { kind: "put", key, data: "1", rev: "r1", expiresAtSeconds: null, condition } as const;
await ports.state.write(put, undefined);
await ports.queue.send("jobs", [{ body: "hello", delaySeconds: 0 }], undefined);
const address = { bucket: "files", key: "t~~k" };
const blob = {
  at: address,
  body: new TextEncoder().encode("content"),
  contentType: "text/plain",
  metadata: {},
};
await ports.blob.put({ ...blob, condition }, undefined);
const read = await ports.blob.get(address, undefined, undefined);
const signing = { at: address, access: "read", nowMs: 0, expiresInSeconds: 1 } as const;
const event = {
  specversion: "1.0",
  id: "e-1",
  type: "order.placed",
  source: "/",
  time: "2026-01-01T00:00:00Z",
  datacontenttype: "application/json",
  auteritytenant: "default",
  data: {},
} as const;
await ports.topic.publish("orders", [event, { ...event, type: "order.paid" }], undefined);
const slept = await ports.clock
  .sleep(60_000, AbortSignal.abort(new Error("over")))
  .catch((error: Error) => error.message);

process.send?.({
  row: await ports.state.read(key, undefined),
  content: read === undefined || read === "outside" ? undefined : Buffer.from(read.body).toString(),
  signed: (await ports.blob.sign(signing, undefined)).url,
  secret: await ports.secrets.read("stripe-key", undefined),
  stored: await ports.secrets.read("stored-key", undefined),
  identity: await ports.identity.identify("local-token"),
  settings: ports.settings,
  slept,
  chance: [ports.random.uuid(), ports.random.bytes(4).length, ports.random.next() < 1],
});
