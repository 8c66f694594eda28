import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bodyText, type HttpInput } from "#shared/function";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import awsAdapter from "../adapters/aws/adapter.ts";
import { type Engine, openEngine } from "../adapters/local/engine/engine.ts";
import { serveEngine } from "../adapters/local/engine/serve.ts";
import { LambdaRuntimeApi } from "../adapters/local/hosts/lambda-runtime-api.ts";
import { lambdaEnvironment, runtimeClient } from "./ric/runtime-client.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const data = mkdtempSync(join(tmpdir(), "auterity-ric-"));
const { http, queue } = awsAdapter.codecs;

let engine: Engine;
const children: ChildProcess[] = [];
const apis: LambdaRuntimeApi[] = [];

beforeAll(() => {
  runtimeClient();
  engine = openEngine({ path: join(data, "auterity.db"), clock: Date });
}, 120_000);

afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  for (const api of apis) await api.close();
  await engine.close();
  rmSync(data, { recursive: true, force: true });
});

/** Starts the client on a built bundle, as Lambda starts it; gives the API that it polls. */
async function startLambda(name: string): Promise<LambdaRuntimeApi> {
  const api = new LambdaRuntimeApi(name);
  apis.push(api);
  const folder = join(root, ".build/bundles/aws", name);
  const { program, execArgv } = runtimeClient();
  const child = fork(program, [], {
    env: {
      ...lambdaEnvironment(name, folder, await api.listen()),
      AUTERITY_TOKEN: "token-of-the-test",
    },
    execArgv: [...execArgv],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  children.push(child);
  serveEngine(engine, "aws", child);
  return api;
}

const request: HttpInput = {
  method: "POST",
  path: "/v1/functions/pulse-state",
  query: "",
  headers: { authorization: "Bearer token-of-the-test", "content-type": "application/json" },
  body: JSON.stringify({ repository: "acme/shop" }),
  clientIp: "203.0.113.9",
};

describe("the built bundles under aws-lambda-ric", () => {
  it("answer HTTP events, with state behind them", async () => {
    const api = await startLambda("pulse-state");
    const ask = async (input: HttpInput) =>
      http.render(JSON.parse(await api.invoke(http.emulate(input), 30_000)));
    const answer = await ask(request);
    expect(answer.status).toBe(200);
    expect(answer.headers["x-auterity-runtime"]).toBe("aws");
    expect(JSON.parse(bodyText(answer))).toMatchObject({ repository: "acme/shop" });
    const stranger = await ask({ ...request, headers: {} });
    expect(stranger.status).toBe(401);
    expect(stranger.headers["content-type"]).toBe("application/problem+json");
    const broken = await ask({ ...request, body: "{" });
    expect(JSON.parse(bodyText(broken))).toMatchObject({ code: "invalid_argument", status: 400 });
  });

  it("settle a queue batch one by one", async () => {
    const api = await startLambda("pulse-fold");
    const deliveries = [{ handle: "m-1", body: "not an envelope", receiveCount: 1 }];
    const event = queue.emulate("pulse-fold", deliveries);
    const result: unknown = JSON.parse(await api.invoke(event, 30_000));
    // It cannot be read by anyone, so it is put aside rather than delivered for ever.
    expect(queue.render(result, deliveries)).toEqual([{ handle: "m-1", done: true }]);
    expect(engine.depth("pulse-fold-dead")).toBe(1);
  });

  it("report an event that is none of theirs as a failed invocation", async () => {
    const api = await startLambda("pulse-publish");
    await expect(api.invoke({ hello: "world" }, 30_000)).rejects.toMatchObject({
      code: "unavailable",
    });
  });
});
