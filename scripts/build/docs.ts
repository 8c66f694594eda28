import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { codes, remedies } from "#shared/errors";
import { renderCatalog } from "./catalog.ts";
import type { Registry } from "./registry.ts";

/** The pages that are rendered from definitions, by file name below `docs/`. */
export function renderDocs(registry: Registry): ReadonlyMap<string, string> {
  return new Map([
    ["errors.md", renderErrors()],
    ["catalog.md", renderCatalog(registry)],
  ]);
}

/** Writes the rendered pages; they are committed, and a test compares them with a fresh rendering. */
export function writeDocs(root: string, registry: Registry): void {
  for (const [file, text] of renderDocs(registry)) writeFileSync(join(root, "docs", file), text);
}

function renderErrors(): string {
  const sections = Object.entries(codes).map(
    ([code, { status, retryable, meaning }]) => `## ${code}

${meaning} ${remedies.get(code) ?? ""}

HTTP ${status} when our caller has to act; ${retryable ? "worth trying again" : "the same call will fail again"}.
`,
  );
  return `# Errors

Rendered by \`npm run gen\` from \`shared/errors/codes.ts\`. Every failure leaves as problem JSON (RFC 9457) with one of
these codes and an \`origin\`: who has to act. \`caller\` and \`self\` keep the status below; a failure of a third party
(\`upstream\`) or of the cloud underneath (\`platform\`) leaves as 503 when it is worth trying again and as 502 otherwise,
so that a vendor's 401 is never mistaken for ours. \`instance\` is the invocation id to look for in logs and runs.

${sections.join("\n")}`;
}
