export { type Code, codes } from "./codes.ts";
export { Fault, type FaultInit, httpStatus, type Origin, safeReason, toFault } from "./fault.ts";
export { type Problem, problemHeaders, toProblem } from "./problem.ts";
export { remedies } from "./remedies.ts";
