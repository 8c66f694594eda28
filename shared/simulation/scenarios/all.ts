import type { Scenario } from "../simulate.ts";
import { budgets } from "./budgets.ts";
import { failover } from "./failover.ts";
import { home } from "./home.ts";
import { replication } from "./replication.ts";
import { schedules } from "./schedules.ts";

/** Every scenario there is. */
export const scenarios: readonly Scenario[] = [schedules, failover, replication, home, budgets];
