import * as z from "zod";

/** A path within a repository: no step up, nothing empty. */
export const filePath = z
  .string()
  .min(1)
  .max(1_000)
  .regex(/^(?!\/)(?:(?:^|\/)(?!\.{1,2}(?:\/|$))[^/\0]+)+$/);
