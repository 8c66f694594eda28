import { type Code, codes, Fault } from "#shared/errors";
import * as z from "zod";

/** What actions take and give, by integration and action, both in camelCase; `npm run gen` renders it for a product. */
export type ActionTypes = {
  readonly [integration: string]: {
    readonly [action: string]: { readonly input: unknown; readonly output: unknown };
  };
};

export type ActionCallOptions = {
  /** The connection to use; `default` when left out. */
  readonly connection?: string;
  /** One effect for all calls of a write with this key, for a day. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
};

/** `actions.slack.postMessage(input)`. */
export type ActionClient<T extends ActionTypes> = {
  readonly [I in keyof T]: {
    readonly [A in keyof T[I]]: (
      input: T[I][A]["input"],
      options?: ActionCallOptions,
    ) => Promise<T[I][A]["output"]>;
  };
};

export type ActionClientOptions = {
  readonly gatewayUrl: string;
  readonly token: string;
  readonly fetch: (url: URL, init: RequestInit) => Promise<Response>;
};

/**
 * A client for the actions of a product. It knows types and no handler: `T` is what the product renders, and the names
 * are the paths. A call throws the action's own Fault, and `unavailable` where no gateway answered.
 */
export function actionClient<T extends ActionTypes>(options: ActionClientOptions): ActionClient<T>;
export function actionClient(options: ActionClientOptions): unknown {
  return byName((integration) =>
    byName((action) => (input: unknown, call: ActionCallOptions = {}) => {
      const path = `/v1/integrations/${kebab(integration)}/actions/${kebab(action)}`;
      return callAction(options, path, input, call);
    }),
  );
}

/** An object whose every member is made from its name. It is no promise, so `then` it does not have. */
function byName(make: (name: string) => unknown): unknown {
  return new Proxy(Object.freeze({}), {
    get: (_, name) => (typeof name === "string" && name !== "then" ? make(name) : undefined),
  });
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

async function callAction(
  options: ActionClientOptions,
  path: string,
  input: unknown,
  { connection, idempotencyKey, signal }: ActionCallOptions,
): Promise<unknown> {
  const { gatewayUrl, token } = options;
  const init = {
    method: "POST",
    body: JSON.stringify(input),
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      ...(connection === undefined ? {} : { "x-auterity-connection": connection }),
      ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
    },
    ...(signal === undefined ? {} : { signal }),
  };
  const response = await options.fetch(new URL(path, gatewayUrl), init).catch((cause: unknown) => {
    throw new Fault("unavailable", "client.call: nothing answered; try again", {
      origin: "platform",
      cause,
    });
  });
  if (response.ok) return response.json();
  throw problemFault(response.status, await response.json().catch(() => undefined));
}

const isCode = (value: string): value is Code => Object.hasOwn(codes, value);

const Problem = z.object({
  code: z.string().refine(isCode),
  detail: z.string(),
  origin: z.enum(["caller", "upstream", "platform", "self"]),
});

function problemFault(status: number, body: unknown): Fault {
  const problem = Problem.safeParse(body);
  if (problem.success) {
    const { code, detail, origin } = problem.data;
    return new Fault(code, detail, { origin });
  }
  return new Fault("internal", `client.call: the answer was ${status} and no problem`, {
    origin: "platform",
  });
}
