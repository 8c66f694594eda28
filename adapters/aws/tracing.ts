import { Tracer } from "@aws-lambda-powertools/tracer";
import { captureLambdaHandler } from "@aws-lambda-powertools/tracer/middleware";

/** Powertools' X-Ray middleware. Answers are left out of the trace: they may hold a tenant's data. */
export function captureHandler(): ReturnType<typeof captureLambdaHandler> {
  return captureLambdaHandler(new Tracer({ serviceName: "auterity" }), { captureResponse: false });
}
