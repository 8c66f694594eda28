import { Fault } from "#shared/errors";
import { defineAction } from "#shared/integration";
import * as z from "zod";
import { lastOf } from "../admin.ts";
import { rulesScopes } from "../client.ts";
import { resource } from "../place.ts";
import { projectName, releaseName, ruleset, rulesReference, VendorRelease } from "../rules.ts";

export const releaseRuleset = defineAction({
  summary: "Put a ruleset into force for the database, a new one or an old one to go back to",
  docs: `${rulesReference.releases}/patch`,
  scopes: rulesScopes,
  effect: "write",
  idempotency: { kind: "natural", why: "the ruleset that is named is in force" },
  input: z.object({ ruleset }),
  output: z.object({ ruleset: z.string(), updateTime: z.string().nullable() }),
  async run(api, { ruleset: id }) {
    const name = releaseName(api);
    const release = { name, rulesetName: `${projectName(api)}/rulesets/${id}` };
    const call = { host: "rules", response: VendorRelease } as const;
    const update = { ...call, method: "PATCH", path: resource(name), json: { release } } as const;
    const released = await api.request(update).catch((error: unknown) => {
      // The first rules of a database have no release to be changed yet.
      if (!Fault.is(error) || error.code !== "not_found") throw error;
      const path = resource(`${projectName(api)}/releases`);
      return api.request({ ...call, method: "POST", path, json: release });
    });
    return { ruleset: lastOf(released.rulesetName), updateTime: released.updateTime ?? null };
  },
});
