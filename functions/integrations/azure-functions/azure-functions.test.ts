import { describe, expect, it } from "vitest";
import { runAction } from "./run-action.conformance.ts";
import createFunction from "./fixtures/create-function.json" with { type: "json" };
import deploy from "./fixtures/deploy-package.json" with { type: "json" };
import settings from "./fixtures/update-settings.json" with { type: "json" };
import swap from "./fixtures/swap-slots.json" with { type: "json" };
import scale from "./fixtures/update-scale.json" with { type: "json" };

const at = { resourceGroup: "orders-rg", app: "orders-fn" };

describe("what exists", () => {
  it.each([
    ["create-function", createFunction.input],
    [
      "create-app",
      {
        ...at,
        location: "eastus",
        plan: "p",
        runtime: { name: "node", version: "22" },
        storageAccount: "store",
      },
    ],
    ["create-plan", { resourceGroup: "orders-rg", plan: "p", location: "eastus", kind: "flex" }],
    ["create-slot", { ...at, slot: "staging" }],
  ])("is not put back to its beginning by %s", async (action, input) => {
    const { status, body, sent } = await runAction(action, input, [{ status: 200, json: {} }]);
    expect([status, body["code"], sent.length]).toEqual([409, "already_exists", 1]);
  });
});

describe("a change that takes time", () => {
  const operation =
    "https://management.azure.com/subscriptions/s/providers/Microsoft.Web/sites/a/operationresults/7f5b";
  const began = { status: 202, headers: { location: operation } };

  it("is handed over when there is no more time", async () => {
    const { status, body } = await runAction(
      "swap-slots",
      swap.input,
      [began, { status: 202 }],
      3_500,
    );
    expect([status, body]).toEqual([200, { done: false, operation }]);
  });

  it("is told as failed when it fails, and as done only in part", async () => {
    const failed = { status: 200, json: { status: "Failed", error: { code: "SwapFailed" } } };
    expect(await runAction("swap-slots", swap.input, [began, failed])).toMatchObject({
      status: 502,
      body: {
        code: "failed_precondition",
        origin: "upstream",
        details: { reason: "SwapFailed", outcome: "unknown" },
      },
    });
  });

  it("is not followed to another host", async () => {
    const elsewhere = { status: 202, headers: { location: "https://evil.example/operation" } };
    const { body, sent } = await runAction("swap-slots", swap.input, [elsewhere]);
    expect([body["code"], sent.length]).toEqual(["permission_denied", 1]);
  });

  it.each([
    "https://management.azure.com/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/a",
    "https://management.azure.com/subscriptions/s/operations/../../tenants/x",
    "https://management.azure.com/subscriptions/s/../operations/x",
    "https://management.azure.com.evil.example/subscriptions/s/operations/x",
    "https://management.azure.com/subscriptions/s/%2e%2e/operations/x",
  ])("is asked for by nothing but its address: %s", async (other) => {
    expect(await runAction("get-operation", { operation: other }, [])).toMatchObject({
      status: 400,
      sent: [],
    });
  });
});

describe("a swap", () => {
  it("is never sent twice", async () => {
    const { status, body, sent } = await runAction("swap-slots", swap.input, [{ status: 503 }]);
    expect([status, body["details"], sent.length]).toEqual([
      503,
      expect.objectContaining({ outcome: "unknown" }),
      1,
    ]);
  });

  it("may have another target than production", async () => {
    const input = { ...at, slot: "staging", target: "qa" };
    const { sent } = await runAction("swap-slots", input, [{ status: 200 }]);
    expect(sent).toMatchObject([
      {
        path: expect.stringMatching(/\/sites\/orders-fn\/slots\/qa\/slotsswap$/),
        json: { targetSlot: "staging" },
      },
    ]);
  });
});

describe("traffic", () => {
  it.each([
    [
      [
        { slot: "a1", percent: 60 },
        { slot: "b1", percent: 50 },
      ],
    ],
    [
      [
        { slot: "a1", percent: 10 },
        { slot: "A1", percent: 10 },
      ],
    ],
    [[{ slot: "production", percent: 10 }]],
  ])("cannot be %j", async (traffic) => {
    expect(await runAction("shift-slot-traffic", { ...at, traffic }, [])).toMatchObject({
      status: 400,
    });
  });

  it("goes back to production without asking for slots", async () => {
    const answer = { status: 200, json: { properties: { experiments: { rampUpRules: [] } } } };
    const traffic = [{ slot: "staging", percent: 0 }];
    const { body, sent } = await runAction("shift-slot-traffic", { ...at, traffic }, [answer]);
    expect([body, sent.map(({ json }) => json)]).toEqual([
      { traffic: [] },
      [{ properties: { experiments: { rampUpRules: [] } } }],
    ]);
  });
});

describe("a package", () => {
  it("goes to the other entrance on other plans, and is the latest there", async () => {
    const properties = {
      state: "Running",
      resourceGroup: "orders-rg",
      defaultHostName: "orders-fn.azurewebsites.net",
      hostNameSslStates: [{ name: "orders-fn.scm.azurewebsites.net", hostType: "Repository" }],
    };
    const app = { status: 200, json: { name: "orders-fn", location: "East US", properties } };
    const { body, sent } = await runAction("deploy-package", deploy.input, [app, { status: 202 }]);
    expect([body, sent[1]?.path, sent[1]?.query]).toEqual([
      { deployment: "latest" },
      "/api/zipdeploy",
      { isAsync: "true" },
    ]);
  });

  it("is not sent again when the answer is lost", async () => {
    const answers = deploy.exchanges.slice(0, 1).map(({ response }) => ({ json: response.json }));
    const { body, sent } = await runAction("deploy-package", deploy.input, [
      ...answers,
      { status: 502 },
    ]);
    expect([body["details"], sent.length]).toEqual([
      expect.objectContaining({ outcome: "unknown" }),
      2,
    ]);
  });
});

describe("settings", () => {
  it("never leave the vendor with their values", async () => {
    const answers = settings.exchanges.map(({ response }) => ({ json: response.json }));
    const { body } = await runAction("update-settings", settings.input, answers);
    expect(JSON.stringify(body)).not.toContain("orders.servicebus.windows.net");
  });
});

describe("scale", () => {
  it("of flex consumption is not set for an app of another plan", async () => {
    const app = { status: 200, json: { location: "East US", properties: {} } };
    const { body, sent } = await runAction("update-scale", scale.input, [app]);
    expect([body["code"], sent.length]).toEqual(["failed_precondition", 1]);
  });

  it("of a plan leaves out what is not said", async () => {
    const answer = { status: 200, json: { properties: { functionAppScaleLimit: 5 } } };
    const { sent } = await runAction("update-scale", { ...at, plan: { maximumInstances: 5 } }, [
      answer,
    ]);
    expect(sent.map(({ json }) => json)).toEqual([{ properties: { functionAppScaleLimit: 5 } }]);
  });
});
