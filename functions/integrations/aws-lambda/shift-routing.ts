import { Fault } from "#shared/errors";
import { type Api, type ApiPath, path } from "#shared/integration";
import type * as z from "zod";
import type { Alias } from "./actions/get-alias.ts";
import { AliasAnswer } from "./lambda-wire.ts";

type Routing = Pick<z.infer<typeof Alias>, "version" | "canary">;

/** Sets the weight of a version for the revision that was read; a change by somebody else meanwhile is refused. */
export async function shiftRouting(
  api: Api,
  {
    functionName: name,
    alias: of,
    to,
    weight,
    revisionId: known,
  }: {
    readonly functionName: string;
    readonly alias: string;
    readonly to: string;
    readonly weight: number;
    readonly revisionId?: string | undefined;
  },
): Promise<z.infer<typeof Alias>> {
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
}

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
