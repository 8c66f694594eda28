import { stringify } from "yaml";
import type { Wiring } from "./wiring.ts";

/** What `npm run wire` prints. */
export function wiringReport(wirings: readonly Wiring[]): string {
  return `${wirings.map(one).join("\n\n")}\n`;
}

function one({ target, hops, console: path, snippet, outside }: Wiring): string {
  const added = outside.snippet === undefined ? [] : ["", indented(stringify(outside.snippet))];
  return [
    target,
    `  how       ${hops.join("\n         -> ")}`,
    `  console   ${path.join("\n            ")}`,
    "  rendered",
    snippet.size === 0
      ? "    nothing of its own: the function registers its trigger when it starts"
      : indented(stringify(Object.fromEntries(snippet), { lineWidth: 0 })),
    `  outside   ${outside.text}`,
    `            ${outside.source}`,
    ...added,
  ].join("\n");
}

function indented(text: string): string {
  return text.trimEnd().replaceAll(/^(?=.)/gm, "    ");
}
