import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { secretFields } from "#shared/auth";
import { Contract, ContractCheck, givenResponse, sentRequest } from "#shared/contracts";
import type { FunctionDefinition, HttpOutput, Ports } from "#shared/function";
import { bindFunction } from "#shared/host";
import { sseEvents } from "#shared/http";
import { type Action, Fixture, type Integration, integrationFunction } from "#shared/integration";
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
  const keys = new Set(
    Object.values(actions).flatMap(({ idempotency }) =>
      idempotency?.kind === "header" ? [idempotency.header.toLowerCase()] : [],
    ),
  );
  return (name, value) =>
    !value.includes(canary) &&
    !keys.has(name) &&
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

async function* bytesOf({ body }: HttpOutput): AsyncGenerator<Uint8Array> {
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
    const files = readdirSync(new URL(`${folder}/actions/`, root), {
      recursive: true,
      encoding: "utf8",
    })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => basename(file, ".ts"));
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

  it("says what the vendor describes, and hears it", () => {
    const text = readFileSync(new URL(`${folder}/contract.json`, root), "utf8");
    const contract = Contract.parse(JSON.parse(text));
    const definitions = new Map(Object.entries(contract.$defs));
    const check = new ContractCheck({ ...contract, definitions }, contract.exceptions);
    const violations = names.flatMap((name) =>
      Fixture.parse(readJson(folder, `${name}.json`)).exchanges.flatMap((exchange) =>
        check.exchange(
          sentRequest(integration.http, exchange.request),
          givenResponse(exchange.response),
        ),
      ),
    );
    expect([violations, check.idleExceptions()]).toEqual([[], []]);
    expect(check.counts.operations).toBe(contract.operations.length);
  });

  it("promises something, each line by what holds it", () => {
    expect(integration.catalog.does).not.toHaveLength(0);
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

    // Not for an action that computes alone.
    const asksFirst = fixture.exchanges.slice(0, 1).map(({ request: asked }) => asked.method);
    it.each(asksFirst)("repeats its %s after a failure exactly if that is safe", async (method) => {
      const { output, seen } = await call(name, [{ status: 503 }, ...answers]);
      const reads = effect === "read" || method === "GET" || method === "HEAD";
      const repeats = reads || idempotency?.kind !== "none";
      expect(output.status).toBe(repeats ? 200 : 503);
      expect(seen).toHaveLength(repeats ? answers.length + 1 : 1);
      const unknown = { details: { outcome: "unknown" } };
      expect(json(output)).toMatchObject(repeats ? {} : unknown);
    });

    const streams = chunk === undefined ? [] : ["text/event-stream"];
    it.each(streams)("tells its chunks to who accepts %s", async (accept) => {
      const { output } = await call(name, answers, { accept });
      const told: unknown[] = (fixture.chunks ?? []).map((data) => ["chunk", data]);
      expect(output.headers["content-type"]).toBe("text/event-stream");
      const events: unknown[] = [];
      for await (const { event, data } of sseEvents(bytesOf(output))) {
        events.push([event, JSON.parse(data)]);
      }
      expect(events).toEqual([...told, ["output", fixture.output]]);
    });

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
});
