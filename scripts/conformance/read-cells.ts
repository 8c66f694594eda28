import { readFileSync } from "node:fs";
import * as z from "zod";

const Cell = z.object({
  port: z.string(),
  driver: z.string(),
  engine: z.string().nullable(),
  id: z.string(),
  title: z.string(),
  status: z.enum(["pass", "declared", "fail"]),
  reason: z.string().nullable(),
});

/** One rule on one driver, as a test run recorded it. */
export type Cell = z.infer<typeof Cell>;

/** Reads a record: one line of JSON per cell. Throws for a line that is none. */
export function readCells(file: string): readonly Cell[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => Cell.parse(JSON.parse(line)));
}
