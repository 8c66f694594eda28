import { scriptedApi } from "#shared/testing";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { type Action, defineAction } from "./define-action.ts";
import { defineIntegration, type IntegrationSpec } from "./define-integration.ts";
import { path } from "./path.ts";

const described = {
  summary: "An action",
  docs: "https://docs.example.com",
  scopes: [],
  input: z.object({ id: z.string().min(1), count: z.int().default(1) }),
  output: z.object({ id: z.string() }),
} as const;

const read = defineAction({ ...described, effect: "read", run: async (_, { id }) => ({ id }) });
const write = defineAction({
  ...described,
  effect: "write",
  idempotency: { kind: "none", why: "no key" },
  run: async () => ({ id: "1" }),
});

const integration: IntegrationSpec<"get-item" | "create-item"> = {
  id: "acme",
  title: "Acme",
  summary: "Acme",
  category: "work",
  docs: "https://docs.example.com",
  auth: { kind: "bearer", fields: { token: { label: "Token", required: true, secret: true } } },
  http: { baseUrl: "https://api.example.com" },
  limits: [],
  health: "get-item",
  actions: { "get-item": read, "create-item": write },
  catalog: { setup: [] },
};

describe("defineAction", () => {
  it("makes a write say how it is kept to one effect", () => {
    // @ts-expect-error a write without a choice must not compile
    const undecided: Action = defineAction({
      ...described,
      effect: "write",
      run: async () => ({ id: "1" }),
    });
    const overdone: Action = defineAction({
      ...described,
      effect: "read",
      // @ts-expect-error a read has nothing to choose
      idempotency: { kind: "none", why: "" },
      run: async () => ({ id: "1" }),
    });
    expect([undecided.effect, overdone.effect]).toEqual(["write", "read"]);
  });

  it("types what run takes and gives", () => {
    const wrong: Action = defineAction({
      ...described,
      effect: "read",
      // @ts-expect-error the output needs an id
      run: async (_, { count }) => ({ count: count + 1 }),
    });
    const untagged = defineAction({
      ...described,
      effect: "read",
      run: async (api, { id }) => {
        const response = z.object({ id: z.string() });
        // @ts-expect-error a path is made by the tag, which encodes, not by hand
        return api.request({ method: "GET", path: `/items/${id}`, response });
      },
    });
    const tagged = path`/x`;
    expect([wrong.effect, untagged.effect, tagged.encoded]).toEqual(["read", "read", "/x"]);
  });

  it("refuses input by its first wrong field, as the caller's mistake", () => {
    expect(() => read.prepare({ id: "" })).toThrow(
      expect.objectContaining({
        code: "invalid_argument",
        origin: "caller",
        details: { field: "id", issues: 1 },
      }),
    );
  });

  it("checks its own output", async () => {
    const broken = defineAction({
      ...described,
      effect: "read",
      output: z.object({ id: z.string().min(3) }),
      run: async () => ({ id: "1" }),
    });
    const { api } = scriptedApi([new Error("not called")]);
    await expect(broken.prepare({ id: "x" }).run(api)).rejects.toMatchObject({
      code: "internal",
      origin: "self",
    });
  });
});

const secret = { label: "Key", required: true, secret: true } as const;
const aws = {
  kind: "aws-sigv4",
  service: "lambda",
  fields: { "access-key-id": secret, "secret-access-key": secret, "session-token": secret },
  config: { region: { label: "Region", schema: z.string(), example: "eu-west-1" } },
} as const;

describe("defineIntegration", () => {
  it("takes a definition that agrees with itself", () => {
    expect(defineIntegration(integration)).toEqual({ ...integration, auth: [integration.auth] });
    // @ts-expect-error the health action must be one of the actions
    expect(() => defineIntegration({ ...integration, health: "ping" })).toThrow("health");
  });

  it("does not compile webhooks without verification, a method that is none, or one without its fields", () => {
    const hooks = {
      docs: "https://docs.example.com",
      secretField: "token",
      deliveryId: { header: "x-id" },
      type: { field: "type" },
      events: {},
    } as const;
    // @ts-expect-error webhooks have to say how they are verified
    expect(() => defineIntegration({ ...integration, webhooks: hooks })).toThrow("verified");
    // @ts-expect-error and so has a list of methods to name one
    expect(() => defineIntegration({ ...integration, auth: [] })).not.toThrow();
    // @ts-expect-error a signature needs a region
    defineIntegration({ ...integration, auth: { ...aws, config: {} } });
    expect(defineIntegration({ ...integration, auth: aws }).auth).toEqual([aws]);
  });

  it.each([
    ["an id no function can have", { id: "Acme" }],
    ["a long id", { id: "a".repeat(29) }],
    ["a health check that writes", { health: "create-item" as const }],
    [
      "a host that takes a field there is not",
      {
        http: {
          baseUrl: "https://api.example.com",
          hosts: {
            tokens: {
              baseUrl: "https://auth.example.com",
              auth: { basic: { username: "token", password: "password" } },
            },
          },
        },
      } as const,
    ],
    [
      "webhooks without their secret's field",
      {
        webhooks: {
          docs: "https://docs.example.com",
          verify: { kind: "standard-webhooks", toleranceSeconds: 300 },
          secretField: "webhook-secret",
          deliveryId: { header: "webhook-id" },
          type: { field: "type" },
          events: {},
        },
      } as const,
    ],
  ])("refuses %s", (_, change) => {
    expect(() => defineIntegration({ ...integration, ...change })).toThrow("integration.define");
  });
});

describe("promises", () => {
  const items = { line: "items", actions: ["create-item"] } as const;

  it("hold by what exists; the health action may stand alone", () => {
    const on = [{ line: "nightly", how: "a schedule" }];
    const why = [{ line: "work", how: "create-item" }];
    const catalog = { does: [items], on, why, setup: [] };
    expect(defineIntegration({ ...integration, catalog }).catalog).toBe(catalog);
    const typo = { setup: [], does: [{ line: "x", actions: ["creat"] }] };
    // @ts-expect-error an action that does not exist does not compile
    expect(() => defineIntegration({ ...integration, catalog: typo })).toThrow('by "creat"');
  });

  it.each([
    ["a line by nothing", { does: [{ ...items, actions: [] }] }, "by nothing"],
    ["an action without a line", { does: [] }, 'has "create-item" for no'],
    ["an event nobody declared", { does: [items], on: [{ line: "x", events: ["e"] }] }, 'by "e"'],
  ])("refuse %s", (_, catalog, reason) => {
    const spec = { ...integration, catalog: { ...catalog, setup: [] } };
    expect(() => defineIntegration(spec)).toThrow(reason);
  });
});
