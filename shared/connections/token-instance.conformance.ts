import { type Auth, createAuthorizer } from "#shared/auth";
import { Fault } from "#shared/errors";
import { type HttpRequest, openSockets } from "#shared/http";
import { Redacted } from "#shared/secrets";
import { openStore, type StateDriver } from "#shared/state";
import { memoryPorts, seededRandom } from "#shared/testing";
import { openKeyRing } from "./key-ring.ts";
import { connectionTokens, renderMasterKey } from "./records.ts";
import { StoredTokens } from "./token-cache.ts";
import type { TokenServer } from "./token-server.conformance.ts";

const field = { label: "Field", required: true, secret: true } as const;
const method: Auth = {
  kind: "oauth2",
  authorizeUrl: "https://vendor.example/authorize",
  tokenUrl: "https://vendor.example/token",
  clientAuth: "basic",
  scopes: ["read"],
  pkce: true,
  refresh: "rotating",
  fields: { "client-id": field, "client-secret": field },
};
const credentials = new Map([
  ["client-id", new Redacted("id-1")],
  ["client-secret", new Redacted("canary-client-secret")],
]);
const master = renderMasterKey("m1", new Uint8Array(32).fill(7));

/** A call to the vendor as an instance makes it. */
type Call = () => Promise<string>;
/** Kills an instance before (`at` even) or after (`at` odd) one of the steps it takes. */
export type Kill = { readonly at: number };

/** As the vendor's client does it: a refused token is worth one repeat. */
async function proven(
  send: (again: boolean) => Promise<{ readonly token: string; readonly taken: boolean }>,
): Promise<string> {
  for (const again of [false, true]) {
    const { token, taken } = await send(again);
    if (taken) return token;
  }
  throw new Fault("unauthenticated", "http.request: refused", { origin: "upstream" });
}

/** One instance of a function that calls the vendor for a connection. */
export async function tokenInstance(
  state: StateDriver,
  vendor: TokenServer,
  now: () => number,
  seed: number,
  faults: string[],
  closing: (() => void)[],
) {
  const ports = memoryPorts({ secrets: { "master-key": master } });
  const clock = {
    now,
    sleep: (milliseconds: number) =>
      new Promise<void>((resolve) => {
        setTimeout(resolve, Math.min(milliseconds, 20)).unref();
      }),
  };
  const random = seededRandom(seed);
  const { signal } = new AbortController();
  const scope = { tenant: "default", traceparent: "", event: undefined, signal };
  const keyPorts = { state, secrets: ports.secrets, clock, random };
  const sockets = openSockets();
  closing.push(() => sockets.close());
  const refused = new Set<string>();
  const tokens = async (): Promise<StoredTokens> =>
    new StoredTokens({
      rows: openStore(connectionTokens, keyPorts, scope),
      keys: await openKeyRing(keyPorts, scope),
      clock,
      random,
      integration: "acme",
      connection: "default",
      slot: "oauth2",
      owner: `test-${seed}`,
      signal,
      remainingMs: () => 20_000,
      defer: () => undefined,
      onRevoked: async ({ message }) => void faults.push(message),
    });
  // A vendor's client ends each attempt by the machine's clock, which here must not be hurried.
  const patient = { ...clock, sleep: (ms: number, stop?: AbortSignal) => patientSleep(ms, stop) };
  const authorizer = () =>
    createAuthorizer(method, {
      connection: { credentials, config: {} },
      ports: {
        clock: patient,
        random,
        sockets,
        signal,
        remainingMs: () => 20_000,
        origin: vendor.url,
      },
      cache: { token: async (obtain, last) => (await tokens()).token(obtain, last) },
    });
  const request: HttpRequest = {
    method: "GET",
    url: "https://vendor.example/items",
    signal,
    remainingMs: () => 20_000,
  };
  const call: Call = () => {
    const authorize = authorizer();
    return proven(async (again) => {
      const sent = await authorize(request, again);
      const token = sent?.headers?.["authorization"]?.slice("Bearer ".length) ?? "";
      return { token, taken: !refused.has(token) };
    });
  };
  return { call, tokens, refuse: (token: string) => void refused.add(token) };
}

function patientSleep(milliseconds: number, stop: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    stop?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new Error("stopped"));
    });
  });
}

/** A store whose process is killed at one of its steps: nothing that it does from then on happens, nor does it return. */
export function killed(state: StateDriver, vendor: TokenServer, kill: Kill | undefined) {
  const never = new Promise<never>(() => undefined);
  let die = (): void => undefined;
  const dead = new Promise<void>((resolve) => {
    die = resolve;
  });
  let step = 0;
  let isDead = false;
  let lostAt = -1;
  const count = async <T>(kind: "read" | "write", work: () => Promise<T>): Promise<T> => {
    const mine = step++;
    const end = (done: boolean): Promise<never> => {
      isDead = true;
      // The vendor has given a new token, and it is not in the store.
      if (vendor.asked > 0 && !(done && kind === "write")) lostAt = kill?.at ?? -1;
      die();
      return never;
    };
    if (isDead || mine * 2 === kill?.at) return end(false);
    const result = await work();
    if (isDead) return never;
    return mine * 2 + 1 === kill?.at ? end(true) : result;
  };
  const counted: StateDriver = {
    name: state.name,
    transact: (...call) => state.transact(...call),
    list: (...call) => state.list(...call),
    codeOf: (error) => state.codeOf(error),
    close: () => state.close(),
    read: (...call) => count("read", () => state.read(...call)),
    write: (...call) => count("write", () => state.write(...call)),
  };
  return {
    state: counted,
    dead,
    get lostAt() {
      return lostAt;
    },
  };
}
