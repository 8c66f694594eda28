import {
  every,
  type FunctionDefinition,
  reply,
  scheduleTrigger,
  webhookTrigger,
} from "#shared/function";
import { describe, expect, it } from "vitest";
import { fixedAnswer } from "../../shared/host/entry-harness.ts";
import { type ConformancePorts, conformancePorts } from "../../shared/host/ports.conformance.ts";
import { azureHttpCodec } from "./codecs/http.ts";
import { azureApp } from "./entry.ts";
import { azureHarness, testWorker, workerLog } from "./worker.conformance.ts";

const registered = (name: string): unknown =>
  testWorker.functions.find((candidate) => candidate.name === name)?.bindings;

describe("azureApp", () => {
  it("registers methods, route and auth level explicitly, a function per path", () => {
    const routes = [
      { method: "GET", path: "/v1/a/:id", auth: "bearer" },
      { method: "PUT", path: "/v1/a/:id", auth: "bearer" },
      { method: "POST", path: "/v1/b", auth: "public" },
    ] as const;
    azureApp([{ name: "routes", trigger: { kind: "http", routes }, load: unused }], ports());
    expect(registered("routes")).toMatchObject({
      [httpBindingOf("routes")]: {
        authLevel: "anonymous",
        methods: ["GET", "HEAD", "PUT"],
        route: "v1/a/{id}",
      },
    });
    expect(registered("routes_2")).toMatchObject({
      [httpBindingOf("routes_2")]: { authLevel: "anonymous", methods: ["POST"], route: "v1/b" },
    });
  });

  it("gives a webhook function the queue of its own name, and a schedule its dialect", () => {
    azureApp(
      [
        { name: "on-push", trigger: webhookTrigger("github-actions", ["push"]), load: unused },
        { name: "digest", trigger: scheduleTrigger(every(6, "hours")), load: unused },
      ],
      ports(),
    );
    expect(JSON.stringify(registered("on-push"))).toContain('"queueName":"on-push"');
    expect(JSON.stringify(registered("digest"))).toContain('"schedule":"0 0 */6 * * *"');
  });

  it("takes messages from where its queues' driver sends them", () => {
    const trigger = webhookTrigger("github-actions", ["push"]);
    const { queue, ...others } = ports();
    azureApp([{ name: "on-storage", trigger, load: unused }], ports());
    const bus = { ...others, queue: { ...queue, name: "azure-service-bus" } };
    azureApp([{ name: "on-bus", trigger, load: unused }], bus);
    expect(JSON.stringify(registered("on-storage"))).toContain(
      '"connection":"AzureWebJobsStorage"',
    );
    expect(JSON.stringify(registered("on-bus"))).toMatch(
      /"type":"serviceBusTrigger".*"connection":"ServiceBus"|"connection":"ServiceBus".*"type":"serviceBusTrigger"/,
    );
  });

  it("does not take neighbours down with code that cannot be loaded, and tries again", async () => {
    let loads = 0;
    const definition = fixedAnswer("flaky", { loaded: true });
    const trigger = definition.trigger;
    const load = async (): Promise<FunctionDefinition> => {
      loads += 1;
      if (loads === 1) throw new Error("planned");
      return definition;
    };
    const neighbour = fixedAnswer("neighbour", { fine: true });
    azureApp(
      [
        { name: "flaky", trigger, load },
        { name: "neighbour", trigger: neighbour.trigger, load: async () => neighbour },
      ],
      ports(),
    );
    expect((await call("flaky")).status).toBe(503);
    expect(workerLog.join("\n")).toContain('the code of "flaky" could not be loaded');
    expect((await call("neighbour")).status).toBe(200);
    const both = await Promise.all([call("flaky"), call("flaky")]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect(loads).toBe(2);
  });

  it.each([
    ["an invalid header", reply(200, "x", { "x-own": "two\nlines canary" })],
    ["a cookie that Azure cannot send", reply(200, "x", {}, ["k=canary; Partitioned"])],
  ])("answers a problem for %s, and logs it without its value", async (_, result) => {
    const own = ports();
    const name = `unsendable-${registeredCount()}`;
    const running = await azureHarness.start(fixedAnswer(name, result), own);
    const output = await running.http(request(name));
    expect(output.status).toBeGreaterThanOrEqual(500);
    expect(output.headers["content-type"]).toBe("application/problem+json");
    const { logs } = own.telemetry;
    expect(logs.map(({ message }) => message)).toEqual(["request failed"]);
    expect(JSON.stringify([logs, output])).not.toContain("canary");
  });
});

function unused(): Promise<FunctionDefinition> {
  return Promise.reject(new Error("registering must not load"));
}

function ports(): ConformancePorts {
  return conformancePorts();
}

function registeredCount(): number {
  return testWorker.functions.length;
}

function request(name: string): Parameters<typeof azureHttpCodec.emulate>[0] {
  return {
    method: "GET",
    path: `/v1/${name}`,
    query: "",
    headers: { host: "fn.example" },
    body: "",
    clientIp: undefined,
  };
}

async function call(name: string): Promise<{ status: number }> {
  return azureHttpCodec.render(
    await testWorker.invoke(name, azureHttpCodec.emulate(request(name))),
  );
}

function httpBindingOf(name: string): string {
  const [first = ""] = Object.keys(Object(registered(name)));
  return first;
}
