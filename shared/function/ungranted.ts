import { type Code, Fault } from "#shared/errors";
import type { Grant } from "./grant.ts";
import type { Ports } from "./ports.ts";

/** The ports that a deployed function has only where its definition needs them. */
export type ServicePorts = Pick<
  Ports,
  "state" | "queue" | "topic" | "blob" | "secrets" | "actions"
>;

const NAME = "ungranted";
const closed = {
  name: NAME,
  codeOf: (): Code => "permission_denied",
  close: async (): Promise<void> => {},
};

/**
 * What stands in a deployed function for every service it was not granted, so that no bundle holds an SDK for
 * nothing. Each method throws `permission_denied`, naming the port and the grant that is missing.
 */
export const ungranted: ServicePorts = {
  state: {
    ...closed,
    read: refusing("state", "state", "read"),
    write: refusing("state", "state", "write"),
    transact: refusing("state", "state", "transact"),
    list: refusing("state", "state", "list"),
  },
  // No limit of its own, so that what is sent is refused for the right reason.
  queue: {
    ...closed,
    maxDelaySeconds: Infinity,
    maxBodyBytes: Infinity,
    send: refusing("queue", "queue", "send"),
  },
  topic: { ...closed, maxEventBytes: Infinity, publish: refusing("topic", "topic", "publish") },
  blob: {
    ...closed,
    maxBlobBytes: Infinity,
    put: refusing("blob", "blob", "put"),
    head: refusing("blob", "blob", "head"),
    get: refusing("blob", "blob", "get"),
    delete: refusing("blob", "blob", "delete"),
    list: refusing("blob", "blob", "list"),
    sign: refusing("blob", "blob", "sign"),
  },
  secrets: { ...closed, read: refusing("secrets", "secret", "read") },
  actions: { name: NAME, call: refusing("actions", "action", "call") },
};

function refusing(port: keyof ServicePorts, kind: Grant["kind"], method: string) {
  return async (): Promise<never> => {
    throw new Fault(
      "permission_denied",
      `${port}.${method}: the function has no grant of kind "${kind}"; add one to its "uses" and deploy again`,
      { details: { port, grant: kind } },
    );
  };
}
