import { listen, socketPorts } from "#shared/testing";
import { expect, it } from "vitest";
import { openSockets } from "./sockets.ts";
import { openHttpStream } from "./stream.ts";

const { clock } = socketPorts();
const sockets = openSockets();
const { signal } = new AbortController();
const open = (
  url: string,
  more: { allowed?: boolean; maxResponseBytes?: number; silenceSeconds?: number } = {},
) =>
  openHttpStream(
    {
      clock,
      sockets,
      ...(more.allowed === false ? {} : { allowedOrigins: [new URL(url).origin] }),
      ...(more.maxResponseBytes === undefined ? {} : { maxResponseBytes: more.maxResponseBytes }),
    },
    { method: "GET", url, signal, silenceSeconds: more.silenceSeconds ?? 5 },
  );

async function textOf({ body }: Awaited<ReturnType<typeof open>>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

it("gives the parts of an answer as they come, whatever its status", async () => {
  const server = await listen((_, response) => {
    response.writeHead(429, { "retry-after": "7" });
    response.write("one ");
    setTimeout(() => response.end("two"), 20);
  });
  const stream = await open(server.url);
  expect(stream).toMatchObject({ status: 429, headers: { "retry-after": "7" } });
  expect(await textOf(stream)).toBe("one two");
  await server.close();
});

it("guards as the client does, and follows nothing", async () => {
  const server = await listen((_, response) => {
    response.writeHead(307, { location: "https://example.com/" });
    response.end();
  });
  await expect(open(server.url, { allowed: false })).rejects.toMatchObject({
    code: "permission_denied",
  });
  expect(await open(server.url)).toMatchObject({ status: 307 });
  await server.close();
});

it("ends with a silence, before the answer and in it, and with too long an answer", async () => {
  const server = await listen(({ url }, response) => {
    if (url === "/silent") return;
    response.write("a".repeat(100));
  });
  const short = { silenceSeconds: 0.05 };
  const late = { code: "deadline_exceeded", origin: "upstream" };
  await expect(open(`${server.url}/silent`, short)).rejects.toMatchObject(late);
  await expect(textOf(await open(server.url, short))).rejects.toMatchObject(late);
  const long = textOf(await open(server.url, { maxResponseBytes: 10 }));
  await expect(long).rejects.toMatchObject({ code: "too_large" });
  await server.close();
});
