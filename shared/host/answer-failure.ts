import { problemHeaders, safeReason, toFault, toProblem } from "#shared/errors";
import type { HttpOutput, Ports } from "#shared/function";

/** The invocation that an entry could not hand to the pipeline, or whose answer it could not send. */
export type FailedInvocation = {
  readonly id: string;
  readonly function: string;
  readonly runtime: string;
};

/**
 * The answer to what went wrong around the pipeline: in decoding, loading or encoding. It is logged unless the
 * caller has to act. Only a Fault's message is: any other error may quote the payload.
 */
export function answerFailure(
  thrown: unknown,
  invocation: FailedInvocation,
  { telemetry, clock }: Pick<Ports, "telemetry" | "clock">,
): HttpOutput {
  const fault = toFault(thrown);
  if (fault.origin !== "caller") {
    telemetry.log({
      level: "error",
      message: "request failed",
      timeMs: clock.now(),
      scope: {
        function: invocation.function,
        runtime: invocation.runtime,
        invocation: invocation.id,
        tenant: "default",
        traceId: "",
        spanId: "",
      },
      fields: { reason: safeReason(thrown), origin: fault.origin },
    });
  }
  const problem = toProblem(fault, invocation.id);
  return {
    status: problem.status,
    headers: problemHeaders(fault),
    cookies: [],
    body: JSON.stringify(problem),
  };
}
