import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Writable } from "node:stream";

/** Where values come from that nobody may read over somebody's shoulder or in a shell's history. */
export type Ask = (question: string, options: { readonly hidden: boolean }) => Promise<string>;

/** Asks at the terminal; what is typed for a secret is not shown. */
export const askTerminal: Ask = (question, { hidden }) =>
  new Promise((resolve) => {
    let quiet = false;
    const output = new Writable({
      write(chunk: Uint8Array, _encoding, done) {
        if (!quiet) process.stderr.write(chunk);
        done();
      },
    });
    const lines = createInterface({ input: process.stdin, output, terminal: true });
    lines.question(question, (answer) => {
      lines.close();
      if (hidden) process.stderr.write("\n");
      resolve(answer.trim());
    });
    quiet = hidden;
  });

/**
 * Reads `name=value` arguments: `@file` and `-` (all of standard input) stand for what is in there. Throws for one that is
 * neither; says only its name.
 */
export async function readValues(
  given: readonly string[],
  stdin: () => Promise<string>,
): Promise<Readonly<Record<string, string>>> {
  const values: Record<string, string> = {};
  for (const pair of given) {
    const split = pair.indexOf("=");
    if (split < 1)
      throw new Error("a field is given as name=@file, or as name=- for standard input");
    const [name, value] = [pair.slice(0, split), pair.slice(split + 1)];
    const text = await read(value, stdin);
    values[name] = text.replace(/\r?\n$/, "");
  }
  return values;
}

async function read(value: string, stdin: () => Promise<string>): Promise<string> {
  if (value === "-") return stdin();
  return value.startsWith("@") ? readFileSync(value.slice(1), "utf8") : value;
}
