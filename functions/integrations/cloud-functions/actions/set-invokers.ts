import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { inRegion, location, serviceId } from "../client.ts";

const INVOKER = "roles/run.invoker";

/** https://cloud.google.com/iam/docs/principal-identifiers#allow */
const member = z
  .string()
  .regex(
    /^(?:allUsers|allAuthenticatedUsers|(?:user|group|serviceAccount|domain):[\w.+@-]{3,200})$/,
  );

const Binding = z.looseObject({
  role: z.string(),
  members: z.array(z.string()).nullish(),
  condition: z.unknown().optional(),
});

const Policy = z.object({
  version: z.int().nullish(),
  etag: z.string().nullish(),
  bindings: z.array(Binding).nullish(),
});

export const setInvokers = defineAction({
  summary: "Say who may call a service, or the service behind a function",
  docs: "https://cloud.google.com/run/docs/securing/managing-access",
  scopes: ["run.services.getIamPolicy", "run.services.setIamPolicy"],
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "it sets the whole list, with the etag that was read",
  },
  input: z.object({
    id: serviceId,
    location,
    /** All of them; `allUsers` makes it public. */
    members: z.array(member).max(100),
  }),
  output: z.object({ members: z.array(z.string()), previous: z.array(z.string()) }),
  async run(api, { id, location: asked, members }) {
    const before = await api.request({
      method: "GET",
      host: "run",
      path: path`${inRegion(api, asked)}/services/${id}:getIamPolicy`,
      query: { "options.requestedPolicyVersion": 3 },
      response: Policy,
    });
    const bindings = before.bindings ?? [];
    const others = bindings.filter((one) => !isPlain(one));
    const mine = members.length === 0 ? [] : [{ role: INVOKER, members }];
    const after = await api.request({
      method: "POST",
      host: "run",
      path: path`${inRegion(api, asked)}/services/${id}:setIamPolicy`,
      json: {
        policy: {
          version: before.version ?? 1,
          etag: before.etag ?? undefined,
          bindings: [...others, ...mine],
        },
      },
      response: Policy,
    });
    return { members: invokersOf(after.bindings ?? []), previous: invokersOf(bindings) };
  },
});

/** Bindings with a condition are somebody's rules, and stay. */
function isPlain({ role, condition }: z.infer<typeof Binding>): boolean {
  return role === INVOKER && condition === undefined;
}

function invokersOf(bindings: readonly z.infer<typeof Binding>[]): string[] {
  return bindings.filter(isPlain).flatMap(({ members }) => members ?? []);
}
