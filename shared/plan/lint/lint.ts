import { environmentSizes } from "./environment.ts";
import type { Finding, LintInput } from "./finding.ts";
import { physicalNames } from "./names.ts";
import { routeConflicts } from "./routes.ts";
import { scheduleMeanings } from "./schedules.ts";
import { messageSizes, rowSizes } from "./sizes.ts";
import { timeoutOrder } from "./timeouts.ts";

/** Everything the build refuses or tells about the definitions, by rule. */
export function lintDefinitions(input: LintInput): Finding[] {
  return [
    ...scheduleMeanings(input),
    ...timeoutOrder(input),
    ...rowSizes(input),
    ...messageSizes(input),
    ...routeConflicts(input),
    ...physicalNames(input),
    ...environmentSizes(input),
  ];
}
