import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { lintProject } from "./lint-project.ts";

const HELP = `npm run lint:functions -- [--json] [--root <folder>]

Reads every definition below functions/ and tells what a cloud would refuse or understand otherwise than it is meant:
schedules, timeouts, row and message sizes, secret names, settings, routes, names. Exit code 1 where there is an error;
the build stops at the same errors.
`;

const { values } = parseArgs({
  options: {
    json: { type: "boolean" },
    root: { type: "string" },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help === true) process.stdout.write(HELP);
else {
  const root = values.root ?? fileURLToPath(new URL("../../", import.meta.url));
  const { findings } = await lintProject(root);
  const errors = findings.filter(({ severity }) => severity === "error").length;
  if (values.json === true) process.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
  else {
    for (const { severity, text } of findings) process.stdout.write(`${severity}  ${text}\n`);
    process.stdout.write(`${errors} errors, ${findings.length - errors} notes\n`);
  }
  process.exitCode = errors === 0 ? 0 : 1;
}
