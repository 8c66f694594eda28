import type { BudgetNotice, CatalogueEntry, FunctionInfo, Run } from "#shared/console";
import type { InstanceProfile } from "#shared/host";
import { staticIdentity } from "#shared/identity";
import type { QueueReceiver } from "#shared/queue";
import type { OperationPrices } from "#shared/operations";
import type { PriceBook } from "#shared/routing";
import type { Subscription } from "#shared/topic";
import type { DataFolder } from "./data-folder.ts";
import { BrokerPump } from "./broker-pump.ts";
import type { Consumer } from "./delivery.ts";
import { Dispatcher } from "./dispatcher.ts";
import type { Engine } from "./engine/engine.ts";
import { serveEngine } from "./engine/serve.ts";
import { type Arm, Fleet, type FleetFunction } from "./gateway/fleet.ts";
import { LiveFeed } from "./gateway/live.ts";
import { monthBudget } from "./gateway/month-budget.ts";
import { placeMessages } from "./gateway/place-message.ts";
import { routeSigner } from "./gateway/route-table.ts";
import { createGateway } from "./gateway/server.ts";
import type { CloudHost, HostOptions } from "./hosts/host.ts";
import type { Replicas } from "./replication/replicas.ts";
import { type Fixtures, startSandbox } from "./sandbox.ts";
import { type Scheduled, Scheduler } from "./scheduler.ts";

const HEALTH_INTERVAL_MS = 500;
const ROUTING_INTERVAL_MS = 60_000;

/** One cloud as the local runtime sees it: how to host its bundles, and what it charges. */
export type CloudSetup = {
  readonly prices: PriceBook;
  readonly operations: OperationPrices;
  readonly instances: InstanceProfile;
  /** The cloud's own engines, where functions work on those and not on the embedded ones. */
  readonly engines?: {
    readonly settings: Readonly<Record<string, string>>;
    readonly receiver: QueueReceiver;
  };
  /** Builds the host; everything but the cloud's own codecs and bundles comes from here. */
  readonly host: (
    options: Pick<HostOptions<unknown>, "env" | "onChannel" | "onOutput">,
  ) => CloudHost | Promise<CloudHost>;
};

export type ProductFunction = FunctionInfo &
  FleetFunction & {
    readonly queue: string | null;
    readonly visibilitySeconds: number;
    readonly cron: string | null;
    readonly missed: "skip" | "once" | null;
    readonly subscription: Subscription | null;
  };

export type ProductOptions = {
  readonly engine: Engine;
  readonly data: DataFolder;
  readonly clouds: Readonly<Record<string, CloudSetup>>;
  /** What keeps the clouds' stores equal, where each has one of its own. */
  readonly replicas?: Replicas | undefined;
  readonly functions: readonly ProductFunction[];
  readonly integrations: readonly CatalogueEntry[];
  readonly consoleFolder: URL;
  readonly bind: { readonly host: string; readonly port: number };
  readonly hostNames: readonly string[];
  /** Recorded answers for integrations without credentials; `undefined` turns the sandbox off. */
  readonly fixtures: Fixtures | undefined;
  /** Environment of the hosts: settings and secrets of connections. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onLog: (runtime: string, line: string) => void;
};

export type Product = {
  readonly url: string;
  readonly fleet: Fleet;
  /** Resolves when every host is up. */
  readonly ready: Promise<void>;
  stop(): Promise<void>;
};

/** Starts everything that runs locally: gateway, console, sandbox, three hosts, dispatcher and scheduler. */
export async function startProduct(options: ProductOptions): Promise<Product> {
  const { engine, data, functions, replicas } = options;
  const live = new LiveFeed();
  const arms = new Map<string, Arm>();
  const isEmbedded = Object.values(options.clouds).every(({ engines }) => engines === undefined);
  const sharesState = isEmbedded || replicas !== undefined;
  const budget = monthBudget(options.env["AUTERITY_BUDGET_USD"], (month) => engine.costs(month), {
    now: Date.now,
    onTight: (tenant, spentUsd, limits) =>
      tellTight(live, options.onLog, { tenant, spentUsd, ...limits }),
  });
  const runs = {
    recordRun(run: Run): void {
      engine.recordRun(run);
      budget?.budgets.spend(run.tenant, run.costUsd);
    },
  };
  const fleet = new Fleet(arms, runs, live, { sharesState, budgets: budget?.budgets });
  const gateway = createGateway({
    ...options,
    fleet,
    live,
    identity: staticIdentity({ [data.token]: { tenant: "default", subject: "local" } }),
    token: data.token,
    signer: routeSigner(data.signingKeyPem),
  });
  await gateway.listen({ ...options.bind, exclusive: true });
  const address = gateway.server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const url = `http://127.0.0.1:${port ?? options.bind.port}`;
  const sandbox = options.fixtures === undefined ? undefined : await startSandbox(options.fixtures);
  const env = {
    ...definedOnly(options.env),
    AUTERITY_GATEWAY_URL: url,
    AUTERITY_TOKEN: data.token,
    AUTERITY_DATA: data.folder,
    ...(sandbox === undefined ? {} : { AUTERITY_SANDBOX_URL: sandbox.url }),
  };
  const consumers = consumersOf(functions);
  const subscriptions = functions.flatMap(({ subscription }) => subscription ?? []);
  for (const [runtime, cloud] of Object.entries(options.clouds)) {
    const host = await cloud.host({
      env: { ...env, ...cloud.engines?.settings, ...replicas?.settings(runtime) },
      onChannel: (channel) =>
        serveEngine(engine, runtime, channel, subscriptions, {
          onUse: (subject, lines) => fleet.told(runtime, subject, lines),
          place: (queue, bodies) =>
            placeMessages(fleet, consumers, { queue, bodies, own: runtime }),
        }),
      onOutput: (line) => {
        live.publish({ type: "log", data: { runtime, line } });
        options.onLog(runtime, line);
      },
    });
    const { prices, operations, instances } = cloud;
    arms.set(runtime, { host, prices, operations, instances });
  }
  const stopWatching = watchHealth(fleet, live);
  const routing = setInterval(() => {
    fleet.tick();
    budget?.tick();
  }, ROUTING_INTERVAL_MS);
  const ready = Promise.all([...arms.values()].map(({ host }) => host.ready()));
  const pumps = pumpsOf(options.clouds, fleet, consumers);
  const embedded = pumps.length > 0 ? [] : consumers;
  const dispatcher = new Dispatcher(engine, fleet, embedded, functions);
  const scheduler = new Scheduler(engine, fleet, scheduledOf(functions));
  const working = ready.then(async () => {
    await dispatcher.start();
    for (const pump of pumps) pump.start();
    scheduler.start();
  });
  return {
    url,
    fleet,
    ready: working,
    async stop() {
      scheduler.stop();
      dispatcher.stop();
      for (const pump of pumps) pump.stop();
      stopWatching();
      clearInterval(routing);
      await gateway.close();
      await Promise.all([...arms.values()].map(({ host }) => host.stop()));
      await replicas?.stop();
      await sandbox?.close();
      await engine.close();
    },
  };
}

/** Once a month: in the log, and to who watches. */
function tellTight(live: LiveFeed, onLog: ProductOptions["onLog"], notice: BudgetNotice): void {
  const { tenant, spentUsd, hardUsd } = notice;
  live.publish({ type: "budget", data: notice });
  onLog(
    "gateway",
    `tenant ${tenant} has spent ${spentUsd.toFixed(2)} of ${hardUsd} USD this month: no trials and no hedges from here on`,
  );
}

/** Tells the live feed whenever a host changed its state. */
function watchHealth(fleet: Fleet, live: LiveFeed): () => void {
  let last = JSON.stringify(fleet.health);
  const timer = setInterval(() => {
    const { health } = fleet;
    const text = JSON.stringify(health);
    if (text !== last) live.publish({ type: "health", data: health });
    last = text;
  }, HEALTH_INTERVAL_MS);
  return () => clearInterval(timer);
}

function pumpsOf(
  clouds: ProductOptions["clouds"],
  fleet: Fleet,
  consumers: readonly Consumer[],
): BrokerPump[] {
  return Object.entries(clouds).flatMap(([runtime, { engines }]) =>
    engines === undefined ? [] : [new BrokerPump(runtime, engines.receiver, fleet, consumers)],
  );
}

function consumersOf(functions: readonly ProductFunction[]): Consumer[] {
  return functions.flatMap((fn) => (fn.queue === null ? [] : [{ ...fn, queue: fn.queue }]));
}

function scheduledOf(functions: readonly ProductFunction[]): Scheduled[] {
  return functions.flatMap((fn) =>
    fn.cron === null ? [] : [{ ...fn, cron: fn.cron, missed: fn.missed ?? "skip" }],
  );
}

function definedOnly(env: ProductOptions["env"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
