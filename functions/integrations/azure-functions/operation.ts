import { Fault } from "#shared/errors";
import { type Api, type ApiTarget, issuedUrl, poll } from "#shared/integration";
import * as z from "zod";
import { arm, Nothing } from "./client.ts";

/** A change that the vendor may still be making: `operation` is then what `get-operation` asks for. */
export const Operation = z.object({ done: z.boolean(), operation: z.string().optional() });

/** https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations#provisioningstate-values */
const State = z
  .object({
    status: z.string().optional().catch(undefined),
    error: z.object({ code: z.string().optional() }).nullish(),
  })
  .optional()
  .catch(undefined);

/**
 * Sends a change and waits for its end as long as there is time. Throws what sending throws, and `failed_precondition`
 * from `upstream` where the change was begun and failed.
 */
export async function change(api: Api, target: ApiTarget): Promise<z.infer<typeof Operation>> {
  const { status, headers } = await api.send(arm({ ...target, response: Nothing }));
  const url = headers["azure-asyncoperation"] ?? (status === 202 ? headers["location"] : undefined);
  return url === undefined ? { done: status !== 202 } : follow(api, url);
}

/**
 * Looks at a change until it is over or time is short. An answer of 202, or a status that is not final, means that it
 * goes on: https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations
 */
export async function follow(api: Api, url: string): Promise<z.infer<typeof Operation>> {
  const call = { method: "GET", path: issuedUrl(url), response: State } as const;
  const { done, state } = await poll(api, call, {
    firstWaitMs: 1_000,
    done: (now, status) => status !== 202 && isFinal(now?.status),
  });
  if (!done) return { done, operation: url };
  if (state?.status === undefined || /^succeeded$/i.test(state.status)) return { done };
  throw new Fault(
    "failed_precondition",
    `azure-functions.operation: ended as ${state.status.toLowerCase().replaceAll(/[^a-z]/g, "")}; see the activity log of the resource, mend it and start again`,
    { origin: "upstream", details: { reason: state.error?.code ?? "unknown" } },
  );
}

function isFinal(status: string | undefined): boolean {
  return status === undefined || /^(?:succeeded|failed|canceled)$/i.test(status);
}
