import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  ack,
  cron,
  defineFunction,
  type FunctionDefinition,
  httpTrigger,
  queueTrigger,
  scheduleTrigger,
} from "#shared/function";
import { type CloudState, DeploymentRecord } from "#shared/plan";
import { queue } from "#shared/queue";
import { store } from "#shared/state";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import type { DeployedCloud } from "./deployed-cloud.ts";
import { isWidened, makePlan } from "./plan.ts";
import { renderedClouds } from "./rendered.ts";
import { reportOf } from "./report.ts";
import { books } from "./price-books.ts";
import { readTraffic } from "./traffic.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const orders = store("orders", {
  schema: z.object({ shop: z.string().max(40), id: z.string().max(40) }),
  partition: "shop",
  sort: "id",
  ttl: true,
});
const jobs = queue("jobs", { schema: z.object({ id: z.string().max(40) }) });

const order = defineFunction({
  name: "order",
  summary: "Takes an order.",
  trigger: httpTrigger("POST", "/v1/functions/order"),
  input: z.unknown(),
  uses: { orders: orders.grant("put"), jobs: jobs.grant("send") },
  handler: async () => ({}),
});
const work = defineFunction({
  name: "work",
  summary: "Works on orders.",
  trigger: queueTrigger(jobs, { batch: 10 }),
  input: z.unknown(),
  uses: { orders: orders.grant("get", "put") },
  handler: async () => ack(),
});
const nightly = defineFunction({
  name: "nightly",
  summary: "Counts orders.",
  trigger: scheduleTrigger(cron("0 2 * * *")),
  input: z.unknown(),
  uses: { orders: orders.grant("list") },
  async handler() {},
});

const traffic = readTraffic(
  '{"default":20000,"order":{"callsPerDay":90000,"durationMs":40},"nightly":0}',
);

function recordOf(clouds: readonly DeployedCloud[]): DeploymentRecord {
  return DeploymentRecord.parse({
    version: 1,
    stage: "prod",
    recordedAt: "2026-11-01T00:00:00Z",
    clouds: Object.fromEntries(clouds.map(({ target, state }) => [target, state])),
  });
}

async function planOf(
  before: readonly FunctionDefinition[] | undefined,
  after: readonly FunctionDefinition[],
) {
  const record = before === undefined ? undefined : recordOf(await renderedClouds(before, "prod"));
  return makePlan("prod", await renderedClouds(after, "prod"), record, traffic);
}

/** A cloud that was told this, whatever its renderer says today. */
function told(cloud: DeployedCloud, state: CloudState): DeployedCloud {
  return { ...cloud, state };
}

function golden(file: string): string {
  return join(import.meta.dirname, "golden", file);
}

async function differenceIds(functions: readonly FunctionDefinition[], target: string) {
  const { clouds } = await planOf(undefined, functions);
  return clouds.find((cloud) => cloud.target === target)?.differences.map(({ id }) => id);
}

describe("the plan", () => {
  it("is as the golden one for what was added, removed, changed, widened and narrowed", async () => {
    const clouds = await renderedClouds([order, work, nightly], "prod");
    const before = clouds.map((cloud) =>
      told(cloud, {
        resources: { "queue.jobs": { retention: "60" }, "function.old": { memory: '"256Mi"' } },
        permissions: { work: { "store/orders": ["get", "delete"] }, old: { vault: ["read"] } },
      }),
    );
    const after = clouds.map((cloud) =>
      told(cloud, {
        resources: { "queue.jobs": { retention: "90", dead: '"x"' }, "function.order": {} },
        permissions: { work: { "store/orders": ["get", "put"], "queue/jobs": ["send"] } },
      }),
    );
    const plan = makePlan("prod", after, recordOf(before), traffic);
    await expect(`${JSON.stringify(plan, null, 2)}\n`).toMatchFileSnapshot(
      golden("plan.json.golden"),
    );
    await expect(reportOf(plan)).toMatchFileSnapshot(golden("plan.txt.golden"));
    expect(isWidened(plan)).toBe(true);
  });

  it("changes nothing where nothing changed, and narrows exactly what a removed grant allowed", async () => {
    for (const { resources, permissions } of (await planOf([order, work], [order, work])).clouds) {
      expect({ resources, permissions }).toEqual({
        resources: { added: [], removed: [], changed: [] },
        permissions: { widened: [], narrowed: [] },
      });
    }
    const less = { ...order, uses: { orders: orders.grant("put") } };
    const plan = await planOf([order, work], [less, work]);
    expect(isWidened(plan)).toBe(false);
    for (const { permissions } of plan.clouds) {
      // A body that is too large for its queue goes through the claims' bucket.
      const lost = permissions.narrowed.map((right) => `${right.function} ${right.resource}`);
      expect(lost.filter((right) => !/^order .*(?:claims|jobs)/i.test(right))).toEqual([]);
      expect(lost.some((right) => /jobs/i.test(right))).toBe(true);
    }
  });

  it("names a difference only where the thing is used", async () => {
    expect(await differenceIds([nightly], "aws")).toEqual(["late-deletion"]);
    expect(await differenceIds([nightly], "azure")).toEqual(["no-timer-retry"]);
    expect(await differenceIds([nightly], "gcp")).toEqual(["late-deletion", "wide-state"]);
    expect(await differenceIds([work, order], "gcp")).toEqual(
      expect.arrayContaining(["retry-by-back-off", "send-delay", "one-message-per-call"]),
    );
    expect(await differenceIds([work, order], "azure")).toEqual(
      expect.arrayContaining(["retry-by-requeue", "shared-identity", "session-consistency"]),
    );
  });

  it("prices the sizes that are rendered", async () => {
    const clouds = await renderedClouds([work], "prod");
    const argumentsOf = (type: string) =>
      clouds
        .flatMap(({ state }) => Object.entries(state.resources))
        .find(([name]) => name.startsWith(type))?.[1];
    const { azure, gcp } = books;
    expect(argumentsOf("azurerm_function_app_flex_consumption")).toMatchObject({
      instance_memory_in_mb: `${azure.memorySizesMb[0]}`,
    });
    expect(argumentsOf("google_cloudfunctions2_function")).toMatchObject({
      "service_config.available_cpu": `"${gcp.vcpuByMemory[0]?.vcpu}"`,
    });
  });

  it.each(["many", "-5", "[]", '{"default":-1}', '{"default":'])(
    "refuses the traffic %s",
    (text) => {
      expect(() => readTraffic(text)).toThrow("--traffic: give calls a day");
    },
  );
});

describe("npm run plan", () => {
  let folder: string;
  let deployed: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plan-"));
    deployed = join(folder, "dev.json");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function run(...options: string[]): { status: number | null; stdout: string; stderr: string } {
    const command = ["scripts/plan/run.ts", "--deployed", deployed, ...options];
    return spawnSync(process.execPath, command, { cwd: root, encoding: "utf8" });
  }

  it("wants wider permissions to be meant, and knows what was recorded", () => {
    expect(run()).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/--allow-permissions/),
    });
    expect(run("--allow-permissions").status).toBe(0);
    expect(run("--record", "--artifact", "77", "--commit", "abc").status).toBe(0);
    const record = DeploymentRecord.parse(JSON.parse(readFileSync(deployed, "utf8")));
    expect(record).toMatchObject({ stage: "dev", artifact: "77", commit: "abc" });
    const again = run("--json");
    expect(again.status).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ since: record.recordedAt });
    // One permission less was deployed: what is rendered now is wider.
    delete record.clouds.gcp?.permissions["pulse-fold"];
    writeFileSync(deployed, JSON.stringify(record));
    expect(run()).toMatchObject({ status: 2, stdout: expect.stringMatching(/\+ pulse-fold: /) });
  });

  it("refuses a record that is none", () => {
    writeFileSync(deployed, '{"version":2}');
    expect(run()).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/no record of a depl/),
    });
  });
});
