import { Redacted } from "#shared/secrets";
import { describe, expect, it } from "vitest";
import type { Auth, Credentials } from "./auth.ts";
import type { Integration } from "./define-integration.ts";
import { chooseTarget } from "./target.ts";

const field = { label: "Field", required: true, secret: true } as const;
const optional = { ...field, required: false } as const;

function integration(auth: Auth): Integration {
  return {
    id: "acme-desk",
    title: "Acme",
    summary: "Acme",
    category: "work",
    docs: "https://docs.example.com",
    auth,
    http: { baseUrl: "https://api.example.com/v1" },
    limits: [],
    health: "get-item",
    actions: {},
    catalog: { setup: [] },
  };
}

const bearer = integration({
  kind: "bearer",
  fields: { token: field, "webhook-secret": optional },
});
const given = (values: Record<string, string>): Credentials =>
  new Map(Object.entries(values).map(([name, value]) => [name, new Redacted(value)]));
const none = given({});
const token = given({ token: "t-1" });
const sandbox = { AUTERITY_SANDBOX_URL: "http://127.0.0.1:5000" };

describe("chooseTarget", () => {
  it("calls the vendor with the connection's credentials", () => {
    expect(chooseTarget(bearer, "default", token, sandbox)).toEqual({
      baseUrl: "https://api.example.com/v1",
      headers: { authorization: "Bearer t-1" },
      ownOrigin: undefined,
      sandboxed: false,
    });
  });

  it("calls the sandbox when a required one is missing, without any credential", () => {
    const some = given({ "webhook-secret": "s" });
    expect(chooseTarget(bearer, "default", some, sandbox)).toEqual({
      baseUrl: "http://127.0.0.1:5000/acme-desk",
      headers: {},
      ownOrigin: "http://127.0.0.1:5000",
      sandboxed: true,
    });
  });

  it("says which one, where there is no sandbox", () => {
    expect(() => chooseTarget(bearer, "default", none, {})).toThrow(
      "AUTERITY_SECRET_ACME_DESK_TOKEN",
    );
    expect(() => chooseTarget(bearer, "default", none, { AUTERITY_SANDBOX_URL: "" })).toThrow(
      expect.objectContaining({ code: "failed_precondition", origin: "caller" }),
    );
  });

  it("prefers the operator's base url, with and without credentials", () => {
    const settings = { ...sandbox, AUTERITY_BASE_URL_ACME_DESK: "http://desk.internal:8080/api/" };
    const own = {
      baseUrl: "http://desk.internal:8080/api",
      ownOrigin: "http://desk.internal:8080",
      sandboxed: false,
    };
    expect(chooseTarget(bearer, "default", token, settings)).toEqual({
      ...own,
      headers: { authorization: "Bearer t-1" },
    });
    expect(chooseTarget(bearer, "default", none, settings)).toEqual({ ...own, headers: {} });
  });

  it.each(["desk.internal", "ftp://desk.internal", "http://desk.internal/?x=1", "http://a/#b"])(
    "refuses %s as a base url",
    (url) => {
      const settings = { AUTERITY_BASE_URL_ACME_DESK: url };
      expect(() => chooseTarget(bearer, "default", token, settings)).toThrow("is no base url");
    },
  );

  it.each<[Auth, Record<string, string>, Record<string, string>]>([
    [
      { kind: "basic", fields: { username: field, password: field } },
      { username: "ada", password: "p:w" },
      { authorization: "Basic YWRhOnA6dw==" },
    ],
    [
      { kind: "header", header: "x-api-key", fields: { token: field } },
      { token: "k" },
      { "x-api-key": "k" },
    ],
    [{ kind: "none", fields: {} }, {}, {}],
  ])("authenticates as %j", (auth, values, headers) => {
    expect(chooseTarget(integration(auth), "default", given(values), {}).headers).toEqual(headers);
  });
});
