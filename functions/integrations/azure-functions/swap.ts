import { type Api, type ApiPath, path } from "#shared/integration";
import type * as z from "zod";
import { app, sitePath, slotName } from "./client.ts";

/** Two slots of an app. */
export const swap = {
  ...app,
  /** What is to go live. */
  slot: slotName,
  /** Where; production when left out. */
  target: slotName.optional(),
};
export type Swap = z.infer<z.ZodObject<typeof swap>>;

/** The vendor's body of every call about a swap, which is asked of the target. */
export function swapOf({ slot }: Swap) {
  return { targetSlot: slot, preserveVnet: true };
}

/** The target's path, and what is below it. */
export function targetPath(
  api: Api,
  { target, resourceGroup, app: name }: Swap,
  rest = path``,
): ApiPath {
  return sitePath(api, { resourceGroup, app: name, slot: target }, rest);
}
