import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

/** What CI runs, cheapest first. Each step is a command a person can run alone. */
const steps: readonly { readonly name: string; readonly command: readonly string[] }[] = [
  { name: "format", command: ["oxfmt", "--check"] },
  { name: "lint", command: ["oxlint", "--type-aware"] },
  { name: "types", command: ["tsc", "--noEmit", "-p", "."] },
  { name: "console types", command: ["tsc", "--noEmit", "-p", "console"] },
  { name: "dead code", command: ["knip"] },
  { name: "tests, generated files and budgets", command: ["node", "scripts/test.ts"] },
];

const HELP = `npm run check

Runs ${steps.map(({ name }) => name).join(", ")}; stops at the first that fails.
`;

const { values } = parseArgs({ options: { help: { type: "boolean", short: "h" } } });
if (values.help === true) process.stdout.write(HELP);
else {
  for (const { name, command } of steps) {
    process.stdout.write(`\n== ${name}: ${command.join(" ")}\n`);
    const [program = "", ...args] = command;
    const { status } = spawnSync(program, args, { stdio: "inherit" });
    if (status !== 0) {
      process.stderr.write(`\ncheck failed at: ${name}\n`);
      process.exit(1);
    }
  }
  process.stdout.write("\ncheck passed\n");
}
