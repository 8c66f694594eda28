import type { Replayed } from "#shared/testing";
import { describe, expect, it } from "vitest";
import { runAction } from "../run-action.conformance.ts";
import invoke from "../fixtures/invoke-function.json" with { type: "json" };

const url = "https://orders-fn.azurewebsites.net/api/f";
const input = { resourceGroup: "orders-rg", app: "orders-fn", function: "f", method: "GET" };
const reached = { status: 200, text: "ok" };

const of = (properties: object): Replayed => ({
  status: 200,
  json: { name: "orders-fn/f", properties },
});

const http = (authLevel: string) => ({
  bindings: [{ type: "httpTrigger", direction: "in", authLevel }],
});

const target = async (host: string) => {
  const open = of({ config: http("anonymous"), invoke_url_template: `https://${host}/api/f` });
  const { body, sent } = await runAction("invoke-function", input, [open, reached]);
  return sent[1]?.host ?? body["code"];
};

describe("a call of a function", () => {
  const [found, keys, answer] = invoke.exchanges.map(({ response }) => response);

  it("gives what the function says, also that something is not there", async () => {
    const missing = { status: 404, text: "no such order" };
    const { status, body } = await runAction("invoke-function", invoke.input, [
      { json: found?.json },
      { json: keys?.json },
      missing,
    ]);
    expect([status, body]).toMatchObject([200, { status: 404, text: "no such order" }]);
    expect(answer?.text).toBeDefined();
  });

  it("asks for no key where none is needed", async () => {
    const open = of({ config: http("anonymous"), invoke_url_template: url });
    const { sent, keys: given } = await runAction("invoke-function", input, [open, reached]);
    expect([sent[1]?.path, given]).toEqual(["/api/f", [undefined, undefined]]);
  });

  it("takes the master key for functions of administrators", async () => {
    const open = of({ config: http("admin"), invoke_url_template: url });
    const { keys: given } = await runAction("invoke-function", input, [
      open,
      { status: 200, json: { masterKey: "m" } },
      reached,
    ]);
    expect(given).toEqual([undefined, undefined, "m"]);
  });

  it.each([
    ["/orders/{id:int}/{part?}", { id: 7 }, "/orders/7"],
    ["/files/{*rest}", { rest: "a b/c" }, "/files/a%20b/c"],
    ["/files/{*rest}", {}, "/files"],
    ["/x/{id=5}", { id: "a/b" }, "/x/a%2Fb"],
  ])("fills %s with %j", async (template, route, path) => {
    const open = of({
      config: http("anonymous"),
      invoke_url_template: `https://orders-fn.azurewebsites.net/api${template}`,
    });
    const { sent } = await runAction("invoke-function", { ...input, route }, [open, reached]);
    expect(sent[1]?.path).toBe(`/api${path}`);
  });

  it.each([
    ["/orders/{id}", {}],
    ["/orders/{id}", { id: ".." }],
    ["/files/{*rest}", { rest: "a/../../admin" }],
    ["/x/{id:regex(^[a-z]{{2}}$)}", { id: "ab" }],
  ])("refuses %s with %j", async (template, route) => {
    const open = of({
      config: http("anonymous"),
      invoke_url_template: `https://orders-fn.azurewebsites.net/api${template}`,
    });
    const { body, sent } = await runAction("invoke-function", { ...input, route }, [open]);
    expect([body["code"], sent.length]).toEqual(["failed_precondition", 1]);
  });

  it("goes to hosts of the vendor only, with one label or with a region", async () => {
    expect(await target("orders-fn-a1b2.eastus-01.azurewebsites.net")).toBe(
      "orders-fn-a1b2.eastus-01.azurewebsites.net",
    );
    expect(await target("evil.example")).toBe("permission_denied");
    expect(await target("azurewebsites.net.evil.example")).toBe("permission_denied");
  });

  it("is refused for one that a timer starts", async () => {
    const timer = of({ config: { bindings: [{ type: "timerTrigger", schedule: "0 0 * * * *" }] } });
    expect((await runAction("invoke-function", input, [timer])).body).toMatchObject({
      code: "failed_precondition",
      detail: expect.stringContaining("run-function"),
    });
  });
});
