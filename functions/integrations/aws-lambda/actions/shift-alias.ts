import { Fault } from "#shared/errors";
import { type Api, type ApiPath, defineAction, path } from "#shared/integration";
import * as z from "zod";
import { Alias, AliasAnswer } from "./get-alias.ts";
import { alias, functionName, lambdaDocs, revisionId, version } from "../client.ts";

type Routing = Pick<z.infer<typeof Alias>, "version" | "canary">;

/** https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html */
export const shiftAlias = defineAction({
  summary: "Shift a part of an alias's invocations to a version: 0 takes it back, 1 gives it all",
  docs: lambdaDocs("UpdateAlias"),
  scopes: ["lambda:GetAlias", "lambda:UpdateAlias"],
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "weights are set and not added, for the revision that was read; what is already so stays",
  },
  input: z.object({
    functionName,
    alias,
    to: version,
    weight: z.number().min(0).max(1),
    /** Only if nobody has changed the alias since; what is read first when left out. */
    revisionId: revisionId.optional(),
  }),
  output: Alias,
  async run(api, { functionName: name, alias: of, to, weight, revisionId: known }) {
    const place = path`/2015-03-31/functions/${name}/aliases/${of}`;
    const now = await read(api, place);
    const wanted = shifted(now, to, weight);
    if (known === undefined && isSame(now, wanted)) return now;
    try {
      return await api.request({
        method: "PUT",
        path: place,
        json: {
          FunctionVersion: wanted.version,
          RoutingConfig: {
            AdditionalVersionWeights:
              wanted.canary === null ? {} : { [wanted.canary.version]: wanted.canary.weight },
          },
          RevisionId: known ?? now.revisionId,
        },
        response: AliasAnswer,
      });
    } catch (error) {
      // A repeat whose first try was made, but not heard of, meets the revision that it made itself.
      if (!Fault.is(error) || error.code !== "failed_precondition") throw error;
      const after = await read(api, place);
      if (isSame(now, wanted) || !isSame(after, wanted)) throw error;
      return after;
    }
  },
});

function read(api: Api, place: ApiPath): Promise<z.infer<typeof Alias>> {
  return api.request({ method: "GET", path: place, response: AliasAnswer });
}

/** The routing that gives `to` its weight beside the version that has the rest. */
function shifted({ version: stable }: Routing, to: string, weight: number): Routing {
  if (weight === 1 || to === stable) return { version: to, canary: null };
  return { version: stable, canary: weight === 0 ? null : { version: to, weight } };
}

function isSame(one: Routing, other: Routing): boolean {
  return (
    one.version === other.version &&
    one.canary?.version === other.canary?.version &&
    one.canary?.weight === other.canary?.weight
  );
}
