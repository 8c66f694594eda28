import type { ClientScope } from "#shared/function";

/** What portable clients in a world work on behalf of: nothing here ends before its node does. */
export const worldScope: ClientScope = {
  tenant: "default",
  traceparent: "00-00000000000000000000000000000001-0000000000000001-01",
  event: undefined,
  signal: new AbortController().signal,
};
