import type { Auth, Credentials } from "#shared/auth";
import { Redacted } from "#shared/secrets";
import { describe, expect, it } from "vitest";
import * as z from "zod";
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
    auth: [auth],
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
const chosen = (credentials: Credentials, settings: Record<string, string>, definition = bearer) =>
  chooseTarget(
    { integration: definition, action: "get-item", connection: "default", credentials },
    settings,
  );
const sandbox = { AUTERITY_SANDBOX_URL: "http://127.0.0.1:5000" };

describe("chooseTarget", () => {
  it("calls the vendor with the connection's credentials", () => {
    expect(chosen(token, sandbox)).toEqual({
      baseUrl: "https://api.example.com/v1",
      method: bearer.auth[0],
      config: {},
      ownOrigin: undefined,
      sandboxed: false,
    });
  });

  it("calls the sandbox when a required one is missing, without any credential", () => {
    const some = given({ "webhook-secret": "s" });
    expect(chosen(some, sandbox)).toEqual({
      baseUrl: "http://127.0.0.1:5000/acme-desk",
      method: undefined,
      config: {},
      ownOrigin: "http://127.0.0.1:5000",
      sandboxed: true,
    });
  });

  it("says which one, where there is no sandbox", () => {
    expect(() => chosen(none, {})).toThrow("AUTERITY_SECRET_ACME_DESK_TOKEN");
    expect(() => chosen(none, { AUTERITY_SANDBOX_URL: "" })).toThrow(
      expect.objectContaining({ code: "failed_precondition", origin: "caller" }),
    );
  });

  it("prefers the operator's base url, with and without credentials", () => {
    const settings = { ...sandbox, AUTERITY_BASE_URL_ACME_DESK: "http://desk.internal:8080/api/" };
    const own = {
      baseUrl: "http://desk.internal:8080/api",
      method: bearer.auth[0],
      config: {},
      ownOrigin: "http://desk.internal:8080",
      sandboxed: false,
    };
    expect(chosen(token, settings)).toEqual(own);
    expect(chosen(none, settings)).toEqual(own);
  });

  it.each(["desk.internal", "ftp://desk.internal", "http://desk.internal/?x=1", "http://a/#b"])(
    "refuses %s as a base url",
    (url) => {
      const settings = { AUTERITY_BASE_URL_ACME_DESK: url };
      expect(() => chosen(token, settings)).toThrow("is no base url");
    },
  );

  const region = {
    label: "Region",
    schema: z.string().regex(/^[a-z]{2}-[a-z]+-\d$/),
    example: "eu-west-1",
  };
  const regional = {
    ...integration({ kind: "bearer", fields: { token: field }, config: { region } }),
    http: { baseUrl: "https://api.{region}.example.com/v1" as const },
  };

  it("puts settings of the connection into the vendor's address, and refuses what does not fit", () => {
    const there = given({ token: "t-1", region: "us-east-2" });
    expect(chosen(there, {}, regional)).toMatchObject({
      baseUrl: "https://api.us-east-2.example.com/v1",
      config: { region: "us-east-2" },
    });
    expect(() => chosen(token, {}, regional)).toThrow(
      'has no "region"; set it, for example eu-west-1',
    );
    const evil = given({ token: "t-1", region: "x.evil.example/" });
    expect(() => chosen(evil, {}, regional)).toThrow('has a "region" that does not fit');
    expect(chosen(none, sandbox, regional).config).toEqual({ region: "eu-west-1" });
  });

  it("takes the first method that is complete, and of those that name an action no other", () => {
    const key: Auth = { kind: "query", parameter: "key", fields: { token: field } };
    const person: Auth = { kind: "basic", fields: { username: field, password: field } };
    const special: Auth = { kind: "none", fields: {}, only: ["get-item"] };
    const one = { ...integration(key), auth: [person, key] as const };
    expect(chosen(token, {}, one).method).toBe(key);
    expect(chosen(given({ username: "a", password: "b", token: "t" }), {}, one).method).toBe(
      person,
    );
    expect(() => chosen(none, {}, one)).toThrow('has no "username"');
    const two = { ...one, auth: [person, special] as const };
    expect(chosen(none, {}, two).method).toBe(special);
  });
});
