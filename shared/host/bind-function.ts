import { createTickService } from "#shared/schedules";
import { bind, type BindArguments, type BoundFunction } from "./bind.ts";
import { createHttpService } from "./serve-http.ts";
import { createMessageService } from "./serve-messages.ts";

/**
 * Binds a definition to a host's ports. Runs the one pipeline: route, size, identity, parse, fence and
 * idempotency, handler against its deadline, deferred work, encode, receipt. With a price book every HTTP
 * answer says what it cost. Throws `failed_precondition` when a driver cannot do what the function needs of it.
 */
export function bindFunction(...bound: BindArguments): BoundFunction {
  const binding = bind(...bound);
  return {
    definition: binding.definition,
    http: createHttpService(binding),
    messages: createMessageService(binding),
    tick: createTickService(binding),
  };
}

/** As `bindHttp`, for scheduled functions. */
export function bindTicks(...bound: BindArguments): BoundFunction["tick"] {
  return createTickService(bind(...bound));
}
