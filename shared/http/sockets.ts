import { lookup } from "node:dns/promises";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { guardedLookup, type Resolve } from "./guard.ts";

/**
 * Pools of kept-alive connections. They outlive an invocation and hold nothing of one. Guarded and allowed
 * targets never share a pool, so that a connection the operator allowed cannot serve anybody else.
 */
export type Sockets = {
  agentFor(url: URL, allowed: boolean): HttpAgent;
  /** Ends every connection. */
  close(): void;
};

// Below the idle timeout of common load balancers (60 s at AWS), far above the gap within a burst.
const IDLE_MS = 15_000;
/** Far more than one connection may have under way (see `pace.ts`), so that a slow one does not use up another's. */
const MAX_SOCKETS_PER_HOST = 1_024;

/** Opens empty pools; no connection is made before the first request. `resolve` stands in for DNS in tests. */
export function openSockets(resolve: Resolve = resolveAll): Sockets {
  const options = { keepAlive: true, timeout: IDLE_MS, maxSockets: MAX_SOCKETS_PER_HOST };
  const guarded = new HttpsAgent({ ...options, lookup: guardedLookup(resolve) });
  const allowedPlain = new HttpAgent(options);
  const allowedTls = new HttpsAgent(options);
  return {
    agentFor(url, allowed) {
      if (!allowed) return guarded;
      return url.protocol === "https:" ? allowedTls : allowedPlain;
    },
    close() {
      for (const agent of [guarded, allowedPlain, allowedTls]) agent.destroy();
    },
  };
}

const resolveAll: Resolve = (hostname) => lookup(hostname, { all: true });
