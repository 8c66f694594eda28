import type { Scenario } from "../simulate.ts";
import { schedules } from "./schedules.ts";

/** Every scenario there is. */
export const scenarios: readonly Scenario[] = [schedules];
