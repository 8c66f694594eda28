import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { checkedRegistry, lintProject } from "./lint-project.ts";

const repository = fileURLToPath(new URL("../../", import.meta.url));
let root: string;

beforeEach(() => {
  // Within the repository, so that `#shared` means what it means to the build.
  mkdirSync(join(repository, ".build"), { recursive: true });
  root = mkdtempSync(join(repository, ".build/lint-"));
  mkdirSync(join(root, "functions/integrations"), { recursive: true });
  mkdirSync(join(root, "functions/platform/shop"), { recursive: true });
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function write(file: string, text: string): void {
  writeFileSync(join(root, "functions/platform/shop", file), text);
}

/** As a person would see it: through the command, whose stack traces are Node's own. */
function lint(): { status: number | null; texts: string[] } {
  const command = ["scripts/lint/run.ts", "--json", "--root", root];
  const { status, stdout } = spawnSync(process.execPath, command, { cwd: repository });
  const findings = z.array(z.object({ text: z.string() })).parse(JSON.parse(String(stdout)));
  return { status, texts: findings.map(({ text }) => text) };
}

function nightly(schedule: string): string {
  return `import { cron, defineFunction, scheduleTrigger } from "#shared/function";
import * as z from "zod";

export const nightly = defineFunction({
  name: "nightly",
  summary: "Runs at night.",
  trigger: scheduleTrigger(${schedule}),
  input: z.unknown(),
  uses: {},
  limits: { timeoutSeconds: 20 },
  async handler() {},
});
`;
}

function worker(name: string, visibilitySeconds: number): string {
  return `export const ${name} = defineFunction({
  name: "${name}",
  summary: "Works.",
  trigger: queueTrigger(queue("${name}-jobs", { schema: z.unknown(), visibilitySeconds: ${visibilitySeconds} })),
  input: z.unknown(),
  uses: {},
  handler: async () => ack(),
});
`;
}

describe("npm run lint:functions", () => {
  it("finds nothing to refuse in this project", async () => {
    const { findings } = await lintProject(repository);
    expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it("names the file and line of every definition that refuses to be made, and of no other", () => {
    write("nightly.ts", nightly('cron("0 0 1 * 1")'));
    write(
      "jobs.ts",
      'import { queue } from "#shared/queue";\n\nexport const x = queue("X", {});\n',
    );
    write("fine.ts", "export const fine = 1;\n");
    write("index.ts", 'export { nightly } from "./nightly.ts";\n');
    expect(lint()).toEqual({
      status: 1,
      texts: [
        expect.stringMatching(/^functions\/platform\/shop\/jobs\.ts:3: queue\.define: "X" is no /),
        expect.stringMatching(/^functions\/platform\/shop\/nightly\.ts:7: .* sets both day fields/),
      ],
    });
  });

  it("tells what a cloud's renderer refuses, with the line of the first function it names", () => {
    write(
      "index.ts",
      `import { ack, defineFunction, queueTrigger } from "#shared/function";
import { queue } from "#shared/queue";
import * as z from "zod";
${worker("slow", 90)}${worker("quick", 60)}`,
    );
    expect(lint()).toEqual({
      status: 1,
      texts: expect.arrayContaining([
        expect.stringMatching(
          /^functions\/platform\/shop\/index\.ts:13 quick: .*"slow" 90 s of ext/,
        ),
      ]),
    });
  });

  it("lists all errors of definitions that were made, each with its line", async () => {
    write(
      "index.ts",
      `${nightly('{ kind: "cron", cron: "0 0 30 2 *" }')}
import { httpTrigger } from "#shared/function";
import { store } from "#shared/state";
const rows = store(
  "rows",
  { schema: z.object({ id: z.string(), text: z.string().max(409_600) }), partition: "id", sort: "id" },
);
export const keep = defineFunction({
  name: "keep",
  summary: "Keeps.",
  trigger: httpTrigger("POST", "/keep"),
  input: z.unknown(),
  uses: { rows: rows.grant("put") },
  async handler() {},
});
`,
    );
    const expected = [
      expect.stringMatching(/^functions\/platform\/shop\/index\.ts:5 nightly: .* never fires: /),
      expect.stringMatching(/^functions\/platform\/shop\/index\.ts:17 rows: .*rows of 1201 KB/),
    ];
    expect(lint()).toEqual({ status: 1, texts: expected });
    await expect(checkedRegistry(root)).rejects.toThrow(/never fires[^]*rows of 1201 KB/);
  });
});
