import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { conformanceQueues, queueConformance } from "../../shared/queue/conformance.ts";
import { receiverConformance } from "../../shared/queue/receiver.conformance.ts";
import { replayServer } from "../../shared/testing/replay-server.ts";
import { sqsQueue } from "./drivers/queue-sqs.ts";
import { sqsReceiver } from "./drivers/queue-sqs-receiver.ts";
import { startFauxqsEngine } from "./engines/fauxqs.conformance.ts";

const engine = await startFauxqsEngine(conformanceQueues);
const driver = sqsQueue(engine.options);
const receiver = sqsReceiver(engine.options);
const [queue] = conformanceQueues;
const START_MS = Date.UTC(2026, 0, 1);
const outgoing = (body: string) => ({ body, delaySeconds: 0 });

async function takeAll(name: string): Promise<string[]> {
  const received = await receiver.receive(name, { limit: 1_000, leaseSeconds: 30 });
  await Promise.all(received.map(({ handle }) => receiver.settle(name, handle, "done")));
  return received.map(({ body }) => body);
}

// fauxqs lives in this process and takes the time from its Date, so that delays and leases end when a test says so.
beforeAll(() => void vi.useFakeTimers({ toFake: ["Date"] }));
afterAll(async () => {
  vi.useRealTimers();
  await Promise.all([driver.close(), receiver.close()]);
  await engine.stop();
});

queueConformance("SQS", {
  engine: "fauxqs",
  async open(clock) {
    const tell = (): void => void vi.setSystemTime(clock.now());
    const inner = sqsQueue(engine.options);
    return {
      ...inner,
      tell,
      send: (...send) => {
        tell();
        return inner.send(...send);
      },
    };
  },
  async receive({ tell }, name) {
    tell();
    return takeAll(name);
  },
  except: {
    Q16: "fauxqs 2.4.1 refuses characters beyond U+FFFF, which SQS takes",
  },
});

beforeEach(async () => {
  vi.setSystemTime(START_MS);
  await takeAll(queue);
});

it("puts every character on the wire as it is, but the two that SQS would replace", async () => {
  const body = JSON.stringify({ text: "é\u0000\u007f😀\ufffd\ufffe\uffff\ud800" });
  const wire = '{"text":"é\\u0000\u007f😀\ufffd\\ufffe\\uffff\\ud800"}';
  // The real client compares the digest that SQS answers.
  const MD5OfMessageBody = createHash("md5").update(wire).digest("hex");
  const json = { Successful: [{ Id: "0", MessageId: "m1", MD5OfMessageBody }] };
  const server = await replayServer([{ status: 200, json }]);
  const wired = sqsQueue({ ...engine.options, endpoint: server.url, baseUrl: `${server.url}/1` });
  expect(await wired.send(queue, [outgoing(body)], undefined)).toEqual([{ ok: true }]);
  expect(server.seen).toMatchObject([
    {
      json: {
        QueueUrl: `${server.url}/1/${queue}`,
        Entries: [{ Id: "0", MessageBody: wire, DelaySeconds: 0 }],
      },
    },
  ]);
  await wired.close();
  await server.close();
});

it("reads back what it had to escape", async () => {
  const body = JSON.stringify({ text: "é\u0000\u007f\ufffd\ufffe\uffff" });
  await driver.send(queue, [outgoing(body)], undefined);
  const [received = ""] = await takeAll(queue);
  expect(JSON.parse(received)).toEqual(JSON.parse(body));
});

it("tells which message of a batch was refused", async () => {
  const results = await driver.send(queue, ["a", "\u0001", "b"].map(outgoing), undefined);
  expect(results.map((result) => (result.ok ? "ok" : driver.codeOf(result.error)))).toEqual([
    "ok",
    "invalid_argument",
    "ok",
  ]);
  expect(await takeAll(queue)).toEqual(["a", "b"]);
});

it("parts batches by bytes, so that large messages do not push each other out", async () => {
  const bodies = Array.from({ length: 12 }, (_, index) => String(index).repeat(300_000));
  const results = await driver.send(queue, bodies.map(outgoing), undefined);
  expect(results.every(({ ok }) => ok)).toBe(true);
  expect((await takeAll(queue)).toSorted()).toEqual(bodies.toSorted());
});

it("reports a batch that failed beside those that did not, and throws when all failed", async () => {
  const bodies = ["a".repeat(1_048_577), "b"];
  const results = await driver.send(queue, bodies.map(outgoing), undefined);
  expect(results.map((result) => (result.ok ? "ok" : driver.codeOf(result.error)))).toEqual([
    "too_large",
    "ok",
  ]);
  const sending = driver.send("no-such-queue", ["a"].map(outgoing), undefined);
  const error: unknown = await sending.catch((thrown: unknown) => thrown);
  expect(driver.codeOf(error)).toBe("not_found");
});

receiverConformance("SQS", {
  engine: "fauxqs",
  queue,
  leaseSeconds: 30,
  open: async () => ({ driver: sqsQueue(engine.options), receiver: sqsReceiver(engine.options) }),
  pass: async (milliseconds) => void vi.setSystemTime(Date.now() + milliseconds),
});
