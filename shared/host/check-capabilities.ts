import { Fault } from "#shared/errors";
import { type FunctionDefinition, needs, type Ports } from "#shared/function";

/**
 * Throws `failed_precondition` when these drivers cannot do what a function's grants need: a deployment may bind it to
 * other products than the compiler knew of, and must hear of that when it starts, not when a message is lost.
 */
export function checkCapabilities(
  { name, uses }: FunctionDefinition,
  { queue }: Pick<Ports, "queue">,
): void {
  for (const grant of Object.values(uses)) {
    for (const need of grant.needs ?? []) {
      const { delaySeconds } = needs[need];
      if (queue.maxDelaySeconds >= delaySeconds) continue;
      throw new Fault(
        "failed_precondition",
        `host.bind: ${name} holds messages of "${grant.resource}" back for up to ${delaySeconds} s, and ${queue.name} does so for at most ${queue.maxDelaySeconds} s; deploy it on another queue product, or declare the queue without delays`,
      );
    }
  }
}
