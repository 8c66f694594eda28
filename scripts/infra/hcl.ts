import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import * as z from "zod";
import type { HclReader } from "./configuration.ts";

const Parser = z.object({
  parseToObject: z.function({ input: [z.string()], output: z.unknown() }),
});
/** The content, or nothing where it is none. */
const Parsed = z.tuple([z.record(z.string(), z.unknown()).nullable(), z.unknown()]);

/** A reader of HCL with the parser below `infra/check`. It throws where that is not installed, and for what is no HCL. */
export function hclReader(root: string): HclReader {
  const packages = join(root, "infra/check");
  if (!existsSync(join(packages, "node_modules/hcl2-parser"))) {
    return () => {
      throw new Error("the parser of HCL is missing; npm run check:infra installs it");
    };
  }
  const { parseToObject } = Parser.parse(
    createRequire(join(packages, "package.json"))("hcl2-parser"),
  );
  return (text) => {
    const [content] = Parsed.parse(parseToObject(text));
    if (content === null) throw new Error("this is no HCL");
    return content;
  };
}
