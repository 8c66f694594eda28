import { Fault } from "#shared/errors";
import type { Grant } from "#shared/function";
import type * as z from "zod";

/** Calls an action of an integration; one effect per tenant and `idempotencyKey`. */
export type ActionClient<I extends z.ZodType, O extends z.ZodType> = (
  input: z.input<I>,
  options?: { readonly idempotencyKey?: string },
) => Promise<z.output<O>>;

const ID = /^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/;

/**
 * The permission to call one action, for `uses`: `action("slack.post-message", { input, output })`. The schemas are the
 * caller's own view and may be narrower than the action's. The client throws what the action threw, and
 * `invalid_argument` or `internal` where input or answer do not fit the view. Throws `invalid_argument` for an id that
 * is not `<integration>.<action>`.
 */
export function action<I extends z.ZodType, O extends z.ZodType>(
  id: string,
  shape: { readonly input: I; readonly output: O; readonly connection?: string },
): Grant<ActionClient<I, O>> {
  if (!ID.test(id)) {
    throw new Fault(
      "invalid_argument",
      `action.define: "${id}" is no action; write <integration>.<action>`,
    );
  }
  return {
    kind: "action",
    resource: id,
    verbs: ["call"],
    connect: (ports, scope) => async (input, options) => {
      const checked = shape.input.safeParse(input);
      if (!checked.success) throw misfit("invalid_argument", id, "input", checked.error);
      const answer = await ports.actions.call(
        {
          action: id,
          connection: shape.connection ?? "default",
          input,
          tenant: scope.tenant,
          idempotencyKey: options?.idempotencyKey,
          traceparent: scope.traceparent,
          event: scope.event,
        },
        scope.signal,
      );
      const output = shape.output.safeParse(answer);
      if (!output.success) throw misfit("internal", id, "answer", output.error);
      return output.data;
    },
  };
}

function misfit(
  code: "invalid_argument" | "internal",
  id: string,
  what: string,
  error: z.ZodError,
): Fault {
  const [issue] = error.issues;
  const field = issue?.path.join(".") || what;
  return new Fault(
    code,
    `action.call: the ${what} of ${id} does not fit at ${field}: ${issue?.message ?? "wrong shape"}`,
    { details: { action: id, field } },
  );
}
