import { parseJson } from "#shared/function";
import { Redacted } from "#shared/secrets";
import type { AgentContext } from "./agent-uses.ts";

type Place = { readonly approval: string; readonly field: "input" | "result" };

/** Seals a JSON value for one field of one approval: it opens nowhere else. */
export async function sealJson(
  ctx: Pick<AgentContext, "keyRing">,
  place: Place,
  value: unknown,
): Promise<string> {
  const keys = await ctx.keyRing();
  return keys.seal(placeOf(place), new Redacted(JSON.stringify(value ?? null)));
}

/** Throws `failed_precondition` from `platform` for what was not sealed there. */
export async function openJson(
  ctx: Pick<AgentContext, "keyRing">,
  place: Place,
  sealed: string,
): Promise<unknown> {
  const keys = await ctx.keyRing();
  return parseJson(keys.open(placeOf(place), sealed).reveal(), { name: "agents.open" });
}

function placeOf({ approval, field }: Place) {
  return { integration: "agent-tools", connection: approval, field, version: 1 };
}
