import type { Clients } from "#shared/function";
import * as z from "zod";
import type { Outcome } from "../decide.ts";
import { type Deployment, keyOf } from "../deployment.ts";
import type { AzureTarget } from "../pipeline.ts";
import type { azureActions, Traffic } from "./azure-actions.ts";
import { type Cloud, done, failed, wait } from "./cloud.ts";

type Context = Clients<typeof azureActions>;

/**
 * A release in a slot (https://learn.microsoft.com/azure/azure-functions/functions-deployment-slots): parts of the
 * traffic go to the slot, all of it by a swap. A second swap takes the first one back, so each is asked for only while
 * both sides say that it has not taken place.
 */
export function azureCloud(ctx: Context, row: Deployment, target: AzureTarget): Cloud {
  const { resourceGroup, app: name, slot } = target;
  const place = { resourceGroup, app: name };
  const send = (traffic: z.infer<typeof Traffic>) =>
    ctx.slotShift(
      { ...place, traffic },
      { idempotencyKey: keyOf(row, `traffic-${traffic.length}`) },
    );
  const swap = async (): Promise<Outcome> => {
    await ctx.slotSwap({ ...place, slot }, { idempotencyKey: keyOf(row, "swap-slots") });
    return wait("the slots are being swapped", 10);
  };
  return {
    async prepare() {
      const { traffic } = await ctx.slotTraffic(place);
      if (traffic.some(({ percent }) => percent > 0)) {
        return failed("its traffic is split already; settle that first");
      }
      const [live, staged] = await releases(ctx, target);
      if (live === row.tag) return failed(`production is at ${row.tag} already`);
      // It may only be starting, or not have been heard.
      if (staged === undefined) return wait(`slot ${slot} does not say what it is`, 15);
      if (staged !== row.tag) return failed(`slot ${slot} says that it is ${staged}`);
      return { kind: "done", facts: { stable: live ?? "unknown", candidate: row.tag } };
    },
    async shift(percent) {
      if (percent < 100) return send([{ slot, percent }]).then(() => done);
      const [live, staged] = await releases(ctx, target);
      // The split goes last: with a part of the traffic still at the slot nobody is without the release for a moment.
      const isSwapped = live === row.tag || (live === undefined && isOther(staged, row));
      if (isSwapped) return send([]).then(() => done);
      return staged === row.tag ? swap() : wait("neither slot says that it is the release", 10);
    },
    async rollback() {
      await send([]);
      if (row.reachedPercent < 100) return done;
      const [live, staged] = await releases(ctx, target);
      if (live !== row.tag && (live !== undefined || staged === row.tag)) return done;
      if (live === row.tag || isOther(staged, row)) return swap();
      // Neither answers. The first attempt knows that the swap was asked for, but not whether it took place.
      return wait("neither slot says what it is", 10);
    },
    async probe() {
      const live = row.step.kind === "watch" && row.reachedPercent === 100;
      const release = await releaseOf(ctx, target, live ? undefined : slot);
      const where = live ? "production" : `slot ${slot}`;
      const reason = `${where} says that it is ${release ?? "nothing"}`;
      return { healthy: release === row.tag, reason };
    },
  };
}

function isOther(release: string | undefined, { tag }: Deployment): boolean {
  return release !== undefined && release !== tag;
}

/** What production and the slot say that they are. */
function releases(
  ctx: Context,
  target: AzureTarget,
): Promise<readonly [string | undefined, string | undefined]> {
  const ask = (slot?: string) => releaseOf(ctx, target, slot).catch(() => undefined);
  return Promise.all([ask(), ask(target.slot)]);
}

const Answer = z.object({ release: z.string() });

async function releaseOf(
  ctx: Context,
  { resourceGroup, app: name, healthFunction }: AzureTarget,
  slot: string | undefined,
): Promise<string | undefined> {
  const place = { resourceGroup, app: name, ...(slot !== undefined && { slot }) };
  const call = { ...place, function: healthFunction, method: "GET" };
  const { status, text } = await ctx.slotCall(call);
  if (status < 200 || status >= 300) return undefined;
  try {
    return Answer.safeParse(JSON.parse(text)).data?.release;
  } catch {
    return undefined;
  }
}
