import type { Clients } from "#shared/function";
import { deliveries, type Delivery } from "./delivery.ts";

const readUses = { deliveries: deliveries.grant("list") };

const PAGE = 500;

/** All deliveries of a repository that are still remembered, by commit. */
export async function deliveriesOf(
  ctx: Clients<typeof readUses>,
  repository: string,
): Promise<Delivery[]> {
  const found: Delivery[] = [];
  let after: string | undefined;
  do {
    const page = await ctx.deliveries.list(repository, { after, limit: PAGE });
    found.push(...page.items.map(({ value }) => value));
    after = page.cursor;
  } while (after !== undefined);
  return found;
}
