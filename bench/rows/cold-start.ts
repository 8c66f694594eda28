import { spawnSync } from "node:child_process";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../../esbuild.config.ts";
import type { Figure, Row } from "../report.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = join(root, ".build/bench");
const ROUNDS = 21;
/** What a cold start of ours may cost above an empty process. */
const LIMIT_MS = 25;

const call = `import { freshCall } from "../../bench/contenders/lambda-call.ts";
const { event, context } = freshCall();
const { statusCode } = await handler(event, context);
process.exit(statusCode === 200 ? 0 : 1);`;

/** Programs that load their code, answer one event and end. Each is bundled as our functions are. */
const programs: Readonly<Record<string, string>> = {
  "auterity, function with zod": `
import { awsHttpCodec } from "../../adapters/aws/codecs/http.ts";
import { bindHttp } from "#shared/host";
import { orderFunction } from "../../bench/contenders/order-function.ts";
import { benchPorts } from "../../bench/contenders/ports.ts";
const serve = bindHttp(orderFunction, benchPorts(), "aws");
const handler = async (event, { awsRequestId, getRemainingTimeInMillis }) =>
  awsHttpCodec.encode(await serve(awsHttpCodec.decode(event), { id: awsRequestId, remainingMs: getRemainingTimeInMillis }));
${call}`,
  "auterity, whole AWS entry": `
import { awsTelemetry } from "../../adapters/aws/drivers/telemetry.ts";
import { awsEntry, awsHttp } from "../../adapters/aws/entry.ts";
import { orderFunction } from "../../bench/contenders/order-function.ts";
import { benchPorts } from "../../bench/contenders/ports.ts";
const telemetry = awsTelemetry();
const handler = await awsEntry(orderFunction, benchPorts(telemetry), telemetry, awsHttp);
${call}`,
  "bare handler with zod": `
import { Input, priceOrder } from "../../bench/task.ts";
const handler = async (event) => {
  const [, id] = /^\\/v1\\/orders\\/([^/]+)\\/price$/.exec(event.rawPath) ?? [];
  const order = Input.parse({ ...JSON.parse(event.body), id });
  return { statusCode: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(priceOrder(order)) };
};
${call}`,
  "hono/aws-lambda with zod": `
import { Hono } from "../../bench/node_modules/hono/dist/index.js";
import { handle } from "../../bench/node_modules/hono/dist/adapter/aws-lambda/index.js";
import { colonRoute, Input, priceOrder } from "../../bench/task.ts";
const app = new Hono();
app.post(colonRoute, async (c) => c.json(priceOrder(Input.parse({ ...(await c.req.json()), id: c.req.param("id") }))));
const handler = handle(app);
${call}`,
  "empty process": "process.exit(0);",
};

/** Whole processes from start to first answer, alternating, and what each has to load. */
export async function coldStart(): Promise<Row> {
  const names = Object.keys(programs);
  const files = new Map<string, string>();
  for (const [index, name] of names.entries()) files.set(name, await build(index, name));
  const times = new Map(names.map((name) => [name, new Array<number>()]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of names) times.get(name)?.push(run(files.get(name) ?? ""));
  }
  const bare = median(times.get("empty process"));
  const figures = names.map((name): Figure => {
    const value = median(times.get(name));
    const ours = name.startsWith("auterity");
    return {
      name,
      value,
      unit: "ms",
      ...(ours ? { target: `≤ empty + ${LIMIT_MS}`, met: value <= bare + LIMIT_MS } : {}),
    };
  });
  const sizes = names.map((name) => `${name}: ${kilobytes(files.get(name) ?? "")} KB minified`);
  return { id: "cold-start", title: "Cold start: process to first answer", figures, notes: sizes };
}

async function build(index: number, name: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const entry = join(folder, `cold-${index}.ts`);
  writeFileSync(entry, programs[name] ?? "");
  const out = join(folder, `cold-${index}`);
  await bundle("aws", [{ in: entry, out: basename(entry, ".ts") }], out);
  return join(out, `cold-${index}.mjs`);
}

function run(file: string): number {
  const startedMs = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [file], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${file} gave no answer: ${stderr}`);
  return performance.now() - startedMs;
}

function median(values: readonly number[] = []): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function kilobytes(file: string): number {
  return Math.round(statSync(file).size / 1000);
}
