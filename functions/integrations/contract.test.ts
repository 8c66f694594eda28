import { readdirSync, readFileSync, statSync } from "node:fs";
import { secretFields } from "#shared/auth";
import type { FunctionDefinition, HttpOutput, Ports } from "#shared/function";
import { bindFunction } from "#shared/host";
import { sseEvents } from "#shared/http";
import {
  type Action,
  EventSamples,
  Fixture,
  type Integration,
  integrationFunction,
  type VendorWebhooks,
} from "#shared/integration";
import { eventSource, webhookEvents } from "#shared/webhook-events";
import { signWebhook } from "#shared/webhooks";
import { openStore } from "#shared/state";
import { memoryToken, replayServer, type Replayed, socketPorts } from "#shared/testing";
import { afterEach, describe, expect, it } from "vitest";

const root = new URL("./", import.meta.url);
const folders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** What credentials look like, so that none is ever recorded. */
const tokens =
  /xox[a-z]-|gh[opsur]_|github_pat_|sk_live_|sk-[A-Za-z0-9]{16}|AKIA[0-9A-Z]{12}|AIza[\w-]{20}|eyJ[\w-]{10,}\.|Bearer |-----BEGIN|whsec_/;
const canary = "canary-credential-3f1c9a77";

type Tampered = readonly [body: string, headers: Record<string, string>];
type Target = { readonly definition: FunctionDefinition; readonly ports: Ports };

function secretsOf({ id, auth }: Integration): Record<string, string> {
  return Object.fromEntries(
    Object.keys(secretFields(auth)).map((field) => [
      `connections/default/${id}/default/${field}`,
      canary,
    ]),
  );
}

/** A header that the action gave itself: no credential, nothing of the integration's, no key. */
function isOwnHeader({ http, actions }: Integration): (name: string, value: string) => boolean {
  const hosts = [http, ...Object.values(http.hosts ?? {})];
  const keys = Object.values(actions).flatMap(({ idempotency }) =>
    idempotency?.kind === "header" ? [idempotency.header.toLowerCase()] : [],
  );
  return (name, value) =>
    !value.includes(canary) &&
    !keys.includes(name) &&
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
    !/^x-amz-(?:date|content-sha256|security-token)$/.test(name) &&
    !hosts.some(({ headers = {} }) => headers[name] === value);
}

function settingOf({ id }: Integration): string {
  return `AUTERITY_BASE_URL_${id.toUpperCase().replaceAll("-", "_")}`;
}

function request(
  { definition, ports }: Target,
  path: string,
  body: string,
  headers: Record<string, string>,
): Promise<HttpOutput> {
  return bindFunction(definition, ports, "test").http(
    { method: "POST", path, query: "", headers, body, clientIp: undefined },
    { id: "contract-1", remainingMs: () => 20_000 },
  );
}

function json(output: HttpOutput): unknown {
  return JSON.parse(typeof output.body === "string" ? output.body : "null");
}

async function* bytes({ body }: HttpOutput): AsyncGenerator<Uint8Array> {
  yield Buffer.from(body);
}

function readJson(folder: string, file: string): unknown {
  return JSON.parse(readFileSync(new URL(`${folder}/fixtures/${file}`, root), "utf8"));
}

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of closing.splice(0)) await server.close();
});

/** Every integration is held to this file; none writes its own boilerplate. */
describe.each(folders)("integration %s", async (folder) => {
  const module: { default: Integration } = await import(new URL(`${folder}/index.ts`, root).href);
  const integration = module.default;
  const { id, actions, webhooks } = integration;
  const fixtures = readdirSync(new URL(`${folder}/fixtures/`, root));
  const definition = integrationFunction(integration, {
    subscribers: [{ function: "subscriber", queue: "subscriber", events: ["*"] }],
  });
  const names = Object.keys(actions);
  const isOwn = isOwnHeader(integration);
  const portsFor = (url: string, { config = {} }: Fixture) =>
    socketPorts({
      secrets: {
        ...secretsOf(integration),
        ...Object.fromEntries(
          Object.entries(config).map(([name, value]) => [
            `connections/default/${id}/default/${name}`,
            value,
          ]),
        ),
      },
      settings: { [settingOf(integration)]: url },
    });
  const actionOf = (name: string): Action => {
    const action = actions[name];
    if (action === undefined) throw new Error(`no action ${name}`);
    return action;
  };

  async function call(name: string, answers: readonly Replayed[], headers = {}) {
    const server = await replayServer(answers, isOwn);
    closing.push(server);
    const fixture = Fixture.parse(readJson(folder, `${name}.json`));
    const { input } = fixture;
    const ports = portsFor(server.url, fixture);
    const output = await request(
      { definition, ports },
      `/v1/integrations/${id}/actions/${name}`,
      JSON.stringify(input),
      { authorization: `Bearer ${memoryToken}`, ...headers },
    );
    return { output, seen: server.seen, ports };
  }

  it("is named after its folder, and its files after its actions", () => {
    expect(id).toBe(folder.replace(/^_/, ""));
    const files = readdirSync(new URL(`${folder}/actions/`, root)).map((file) =>
      file.replace(/\.ts$/, ""),
    );
    expect(files.toSorted()).toEqual(names.toSorted());
    expect(names.filter((name) => !/^[a-z]+(?:-[a-z]+)+$/.test(name))).toEqual([]);
  });

  it("has exactly the fixtures it needs, trimmed and without credentials", () => {
    const wanted = [...names, ...(webhooks === undefined ? [] : ["events"])];
    expect(fixtures.toSorted()).toEqual(wanted.map((name) => `${name}.json`).toSorted());
    for (const file of fixtures) {
      const url = new URL(`${folder}/fixtures/${file}`, root);
      expect([file, statSync(url).size < 16_384]).toEqual([file, true]);
      expect([file, tokens.exec(readFileSync(url, "utf8"))]).toEqual([file, null]);
    }
  });

  it("has a read as its health action, which needs no input", () => {
    const health = actionOf(integration.health);
    expect(health.effect).toBe("read");
    expect(health.input.safeParse({}).success).toBe(true);
  });

  const keyed = names.flatMap((name) => {
    const { idempotency } = actionOf(name);
    return idempotency?.kind === "header" ? [[name, idempotency.header] as const] : [];
  });
  it.each(keyed)("%s sends one %s with all its repeats", async (name, header) => {
    const { exchanges } = Fixture.parse(readJson(folder, `${name}.json`));
    const { seen } = await call(name, [{ status: 503 }, ...exchanges.map((one) => one.response)]);
    const keys = seen.map(({ headers }) => headers[header]);
    expect(keys[0]).toMatch(/^[0-9a-f]{40}$/);
    expect(keys[1]).toBe(keys[0]);
  });

  describe.each(names)("%s", (name) => {
    const fixture = Fixture.parse(readJson(folder, `${name}.json`));
    const answers = fixture.exchanges.map(({ response }) => response);
    const { effect, idempotency, chunk } = actionOf(name);

    it("replays its fixture through the real client", async () => {
      const { output, seen, ports } = await call(name, answers);
      expect([output.status, json(output)]).toEqual([200, fixture.output]);
      expect(seen.map(({ recorded }) => recorded)).toEqual(
        fixture.exchanges.map((exchange) => exchange.request),
      );
      const { logs, metrics, spans } = ports.telemetry;
      expect(JSON.stringify([output, logs, metrics, spans])).not.toContain(canary);
    });

    const [first] = fixture.exchanges;
    if (first !== undefined) {
      it("repeats itself after a failure exactly if that is safe", async () => {
        const { output, seen } = await call(name, [{ status: 503 }, ...answers]);
        const reads = effect === "read" || /^(?:GET|HEAD)$/.test(first.request.method);
        const repeats = reads || idempotency?.kind !== "none";
        expect(output.status).toBe(repeats ? 200 : 503);
        expect(seen).toHaveLength(repeats ? answers.length + 1 : 1);
        if (!repeats) expect(json(output)).toMatchObject({ details: { outcome: "unknown" } });
      });
    }

    if (chunk !== undefined) {
      it("tells its chunks to who accepts events", async () => {
        const { output } = await call(name, answers, { accept: "text/event-stream" });
        const told = [
          ...(fixture.chunks ?? []).map((data) => ["chunk", data]),
          ["output", fixture.output],
        ];
        expect(output.headers["content-type"]).toBe("text/event-stream");
        const events: unknown[] = [];
        for await (const { event, data } of sseEvents(bytes(output))) {
          events.push([event, JSON.parse(data)]);
        }
        expect(events).toEqual(told);
      });
    }

    it("runs once per key if it writes", async () => {
      const server = await replayServer([...answers, ...answers]);
      closing.push(server);
      const target = { definition, ports: portsFor(server.url, fixture) };
      const path = `/v1/integrations/${id}/actions/${name}`;
      const headers = { authorization: `Bearer ${memoryToken}`, "idempotency-key": "k-1" };
      const body = JSON.stringify(fixture.input);
      const first = await request(target, path, body, headers);
      const second = await request(target, path, body, headers);
      expect([json(first), json(second)]).toEqual([fixture.output, fixture.output]);
      expect(second.headers["idempotency-replayed"]).toBe(effect === "write" ? "true" : undefined);
      expect(server.seen).toHaveLength(effect === "write" ? answers.length : answers.length * 2);
    });

    it("refuses strangers, and says which credential is missing", async () => {
      const path = `/v1/integrations/${id}/actions/${name}`;
      const target = { definition, ports: socketPorts() };
      expect((await request(target, path, "{}", {})).status).toBe(401);
      const headers = { authorization: `Bearer ${memoryToken}` };
      const output = await request(target, path, JSON.stringify(fixture.input), headers);
      const field = Object.entries(integration.auth[0].fields).find(
        ([, { required }]) => required,
      )?.[0];
      expect(json(output)).toMatchObject({ code: "failed_precondition", details: { field } });
    });
  });

  if (webhooks !== undefined) webhookContract(folder, integration, webhooks, definition);
});

function webhookContract(
  folder: string,
  integration: Integration,
  webhooks: VendorWebhooks,
  definition: FunctionDefinition,
): void {
  describe("webhooks", () => {
    const { id } = integration;
    const samples =
      webhooks === undefined ? [] : EventSamples.parse(readJson(folder, "events.json"));
    const path = `/v1/webhooks/${id}/default`;
    const encoder = new TextEncoder();
    const nowMs = socketPorts().clock.now();

    function signed(
      body: string,
      headers: Record<string, string>,
      atMs = nowMs,
    ): Record<string, string> {
      const webhook = {
        body: encoder.encode(body),
        nowMs: atMs,
        id: headers["webhook-id"] ?? "msg_1",
      };
      return { ...headers, ...signWebhook(webhooks.verify, webhook, canary) };
    }

    async function stored(ports: Ports) {
      const scope = {
        tenant: "default",
        traceparent: "",
        event: undefined,
        signal: new AbortController().signal,
      };
      const page = await openStore(webhookEvents, ports, scope).list(eventSource(id, "default"));
      return page.items.map(({ value }) => value);
    }

    it("have a sample of every declared event, which fits its schema", () => {
      const { events } = webhooks;
      expect(samples.map(({ type }) => type).toSorted()).toEqual(Object.keys(events).toSorted());
      for (const { type, payload } of samples) {
        expect([type, events[type]?.safeParse(payload).error]).toEqual([type, undefined]);
      }
    });

    it.each(samples)("accept $type once, store it and queue it", async (sample) => {
      const ports = socketPorts({ secrets: secretsOf(integration) });
      const body = JSON.stringify(sample.payload);
      const headers = signed(body, sample.headers);
      const first = await request({ definition, ports }, path, body, headers);
      expect([first.status, json(first)]).toEqual([202, { id: sample.delivery }]);
      const second = await request({ definition, ports }, path, body, headers);
      expect([second.status, json(second)]).toEqual([
        202,
        { id: sample.delivery, duplicate: true },
      ]);
      const { delivery, type, payload } = sample;
      expect(await stored(ports)).toEqual([
        expect.objectContaining({ delivery, type, payload, queued: true }),
      ]);
      const messages = ports.queue.take("subscriber").map((text) => JSON.parse(text) as unknown);
      expect(messages).toEqual([
        expect.objectContaining({
          tenant: "default",
          event: delivery,
          body: { integration: id, connection: "default", event: delivery },
        }),
      ]);
      expect(ports.telemetry.logs).toEqual([]);
    });

    it("refuse what was tampered with, and store nothing of it", async () => {
      const ports = socketPorts({ secrets: secretsOf(integration) });
      const [sample] = samples;
      if (sample === undefined) throw new Error("no sample");
      const body = JSON.stringify(sample.payload);
      const headers = signed(body, sample.headers);
      const proof = Object.keys(signed(body, {}));
      const change = (name: string, value: string): Tampered => [
        body,
        { ...headers, [name]: value },
      ];
      // A scheme without a time signs alike at any time; what is left here is stale or from the future.
      const untimely = [-3_600_000, 3_600_000]
        .map((offsetMs) => signed(body, sample.headers, nowMs + offsetMs))
        .filter((given) => proof.some((name) => given[name] !== headers[name]));
      const tampered: readonly Tampered[] = [
        [body.replace("{", "{ "), headers],
        [`${body}\n`, headers],
        [body, sample.headers],
        change("content-encoding", "gzip"),
        ...untimely.map((given): Tampered => [body, given]),
        ...proof.flatMap((name) => {
          const value = headers[name] ?? "";
          return ["", `${value}, ${value}`, value.slice(0, -1)].map((other) => change(name, other));
        }),
      ];
      for (const [bytes, given] of tampered) {
        const output = await request({ definition, ports }, path, bytes, given);
        expect([given, output.status, json(output)]).toMatchObject([
          given,
          401,
          { code: "unauthenticated" },
        ]);
      }
      expect(await stored(ports)).toEqual([]);
      expect(ports.queue.take("subscriber")).toEqual([]);
    });

    it("are closed without a secret, and unknown connections are unknown", async () => {
      const ports = socketPorts();
      const [sample] = samples;
      const body = JSON.stringify(sample?.payload);
      const headers = signed(body, sample?.headers ?? {});
      expect((await request({ definition, ports }, path, body, headers)).status).toBe(401);
      for (const connection of ["other", "..", "a%2Fb", "DEFAULT", "x".repeat(65)]) {
        const other = `/v1/webhooks/${id}/${connection}`;
        expect((await request({ definition, ports }, other, body, headers)).status).toBe(404);
      }
    });
  });
}
