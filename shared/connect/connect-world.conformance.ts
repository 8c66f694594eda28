import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { renderMasterKey } from "#shared/connections";
import type { HttpOutput } from "#shared/function";
import { bindFunction } from "#shared/host";
import { staticIdentity } from "#shared/identity";
import { defineAction, defineIntegration, integrationFunction, path } from "#shared/integration";
import { memorySecrets } from "#shared/secrets";
import { memoryState, type StateDriver } from "#shared/state";
import { listen, socketPorts } from "#shared/testing";
import * as z from "zod";
import { connectionsFunction } from "./connections-function.ts";

const field = (label: string, required = true) => ({ label, required, secret: true }) as const;
const whoAmI = defineAction({
  summary: "Tell who the token belongs to",
  docs: "https://docs.example.com",
  scopes: [],
  effect: "read",
  input: z.object({}),
  output: z.object({ name: z.string() }),
  run: (api) =>
    api.request({ method: "GET", path: path`/me`, response: z.object({ name: z.string() }) }),
});
const described = {
  title: "Acme",
  summary: "Acme",
  category: "work",
  docs: "https://docs.example.com",
  http: { baseUrl: "https://api.example.com" },
  limits: [],
  health: "get-me",
  actions: { "get-me": whoAmI },
  catalog: { setup: ["Make a token"] },
} as const;

/** Takes a token as it is, has a setting, and sends webhooks. */
export const acme = defineIntegration({
  ...described,
  id: "acme",
  auth: {
    kind: "bearer",
    fields: { token: field("Token"), "webhook-secret": field("Webhook secret", false) },
    config: {
      site: { label: "Site", schema: z.enum(["eu", "us"]), default: "eu", example: "eu" },
    },
  },
  webhooks: {
    docs: "https://docs.example.com",
    verify: { kind: "standard-webhooks", toleranceSeconds: 300 },
    secretField: "webhook-secret",
    deliveryId: { header: "webhook-id" },
    type: { field: "type" },
    events: {},
  },
});

/** Asks people for consent. */
export const consenting = defineIntegration({
  ...described,
  id: "consenting",
  title: "Consenting",
  auth: {
    kind: "oauth2",
    authorizeUrl: "https://vendor.example/authorize",
    tokenUrl: "https://vendor.example/token",
    clientAuth: "body",
    scopes: ["read", "write"],
    pkce: true,
    refresh: "rotating",
    fields: { "client-id": field("Client id"), "client-secret": field("Client secret") },
  },
});

/** Nothing that is shown, stored or said may hold one of these. */
export const canaries = {
  token: "canary-token-5f1c",
  next: "canary-next-77aa",
  clientSecret: "canary-client-secret-31d0",
  webhookSecret: "canary-webhook-secret-0a0b",
  access: "canary-access-9e9e",
  refresh: "canary-refresh-4d4d",
};

export const masterKeys = ["m1", "m2"].map((id, index) =>
  renderMasterKey(id, new Uint8Array(32).fill(index + 1)),
);

/** A deployment with two tenants, a vendor on the wire, and everything it ever writes down. */
export async function connectWorld() {
  const seen: { authorization: string | undefined; form: URLSearchParams }[] = [];
  let answer: readonly [number, unknown] = [200, { name: "Ada" }];
  let challenge = "";
  const vendor = await listen((request, response) => {
    void buffer(request).then((bytes) => {
      const form = new URLSearchParams(bytes.toString());
      seen.push({ authorization: request.headers.authorization, form });
      const [status, json] = request.url === "/token" ? tokenAnswer(form, challenge) : answer;
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(json));
    });
  });
  let secrets = { "master-key": masterKeys[0] ?? "" };
  const written: string[] = [];
  const base = socketPorts({
    settings: {
      AUTERITY_BASE_URL_ACME: vendor.url,
      AUTERITY_BASE_URL_CONSENTING: vendor.url,
      AUTERITY_AUTH_URL_CONSENTING: vendor.url,
      AUTERITY_PUBLIC_URL: "https://hooks.example.org/",
    },
  });
  let aheadMs = 0;
  const ports = {
    ...base,
    clock: { ...base.clock, now: () => base.clock.now() + aheadMs },
    state: recording(memoryState(), written),
    secrets: memorySecrets(secrets),
    identity: staticIdentity({
      "key-a": { tenant: "tenant-a", subject: "ada" },
      "key-b": { tenant: "tenant-b", subject: "bob" },
    }),
  };
  const definition = connectionsFunction({
    acme: async () => ({ default: acme }),
    consenting: async () => ({ default: consenting }),
  });
  const definitions = {
    connections: definition,
    acme: integrationFunction(acme, { subscribers: [] }),
    consenting: integrationFunction(consenting, { subscribers: [] }),
  };
  const answers: HttpOutput[] = [];

  async function call(
    method: string,
    target: string,
    body?: unknown,
    key = "key-a",
    name: keyof typeof definitions = "connections",
  ) {
    const [at = "", query = ""] = target.split("?");
    const output = await bindFunction(definitions[name], ports, "test").http(
      {
        method,
        path: at,
        query,
        headers: key === "" ? {} : { authorization: `Bearer ${key}` },
        body: body === undefined ? "" : JSON.stringify(body),
        clientIp: undefined,
      },
      { id: `test-${answers.length}`, remainingMs: () => 20_000 },
    );
    answers.push(output);
    const text = String(output.body);
    const json: unknown = text.startsWith("{") ? JSON.parse(text) : text;
    return { status: output.status, json, text };
  }

  return {
    vendor,
    seen,
    call,
    ports,
    /** Everything that left the deployment or was stored by it. */
    trail: () =>
      JSON.stringify([
        answers,
        written,
        ports.telemetry.logs,
        ports.telemetry.metrics,
        ports.telemetry.spans,
      ]),
    vendorAnswers: (status: number, json: unknown) => void (answer = [status, json]),
    expectChallenge: (text: string) => void (challenge = text),
    advance: (seconds: number) => void (aheadMs += seconds * 1000),
    /** Another process with another secret, over the same store. */
    withMasterKeys: (...lines: string[]) => {
      secrets = { "master-key": lines.join("\n") };
      ports.secrets = memorySecrets(secrets);
      ports.state = recording({ ...ports.state }, []);
    },
  };
}

function tokenAnswer(form: URLSearchParams, challenge: string): readonly [number, unknown] {
  const verifier = createHash("sha256")
    .update(form.get("code_verifier") ?? "")
    .digest("base64url");
  if (form.get("code") !== "good-code" || verifier !== challenge) {
    const said = `no: ${form.get("client_secret")}`;
    return [400, { error: "invalid_grant", error_description: said }];
  }
  const { access: access_token, refresh: refresh_token } = canaries;
  return [200, { access_token, refresh_token, expires_in: 3600 }];
}

function recording(state: StateDriver, written: string[]): StateDriver {
  return {
    ...state,
    write(write, signal) {
      written.push(JSON.stringify(write));
      return state.write(write, signal);
    },
  };
}
