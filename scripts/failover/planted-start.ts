import { randomUUID } from "node:crypto";
import type { Fleet } from "../../adapters/local/gateway/fleet.ts";
import { main } from "../start.ts";

// `npm start` with the planted bug, for `npm run test:failover -- --plant retry-without-key`.
await main(undefined, ({ fleet }) => {
  const http: Fleet["http"] = fleet.http.bind(fleet);
  fleet.http = (fn, input, ...rest) => {
    const headers = { ...input.headers, "idempotency-key": randomUUID() };
    return http(fn, { ...input, headers }, ...rest);
  };
});
