import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import type { RouteTable, SignedRouteTable } from "#shared/console";
import type { Fleet, FleetFunction } from "./fleet.ts";

/** How long a client may route by a table, in milliseconds. */
const TTL_MS = 60_000;

/** Signs route tables with an Ed25519 key (RFC 8032). */
export type RouteSigner = {
  readonly keyId: string;
  /** SPKI, base64. */
  readonly publicKey: string;
  sign(text: string): string;
};

/** A signer over a PKCS#8 PEM key. */
export function routeSigner(privateKeyPem: string): RouteSigner {
  const key: KeyObject = createPrivateKey(privateKeyPem);
  const spki = createPublicKey(key).export({ type: "spki", format: "der" });
  return {
    keyId: createHash("sha256").update(spki).digest("hex").slice(0, 16),
    publicKey: spki.toString("base64"),
    sign: (text) => sign(null, Buffer.from(text), key).toString("base64"),
  };
}

/** `GET /v1/routes`: where each function can be called, which of its runtimes are up, signed and short-lived. */
export function routeTable(
  signer: RouteSigner,
  fleet: Fleet,
  functions: readonly FleetFunction[],
  origin: string,
): SignedRouteTable {
  const issuedAtMs = Date.now();
  const table: RouteTable = {
    issuedAtMs,
    expiresAtMs: issuedAtMs + TTL_MS,
    functions: functions.map((fn) => {
      const usd = fleet.scores(fn);
      return {
        name: fn.name,
        arms: fn.targets.map((runtime) => ({
          runtime,
          url: origin,
          up: fleet.isUp(runtime),
          usd: usd.get(runtime) ?? null,
        })),
      };
    }),
  };
  const payload = JSON.stringify(table);
  const { keyId, publicKey } = signer;
  return { payload, signature: signer.sign(payload), keyId, publicKey };
}
