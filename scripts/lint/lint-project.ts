import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Finding, lintDefinitions } from "#shared/plan";
import { deployManifest } from "../build/deploy-manifest.ts";
import { readRegistry, type Registry } from "../build/registry.ts";
import { clouds } from "./clouds.ts";
import { checkRenderings } from "./renderings.ts";
import { sourceFiles, sourceLocator } from "./locate.ts";

/** A finding with the place to mend: `<file>:<line> <name>: <what>; <way out>`. */
export type PlacedFinding = Pick<Finding, "severity" | "rule"> & { readonly text: string };

/** Lints the definitions below `root`. The registry is there unless a definition refused to be made at all. */
export async function lintProject(
  root: string,
): Promise<{ readonly registry?: Registry; readonly findings: readonly PlacedFinding[] }> {
  let registry: Registry;
  try {
    registry = await readRegistry(root);
  } catch (thrown) {
    const findings = await brokenDefinitions(root);
    if (findings.length === 0) throw thrown;
    return { findings };
  }
  return { registry, findings: lintRegistry(root, registry) };
}

/** The registry below `root`. Throws an error that lists every finding where the definitions have errors. */
export async function checkedRegistry(root: string): Promise<Registry> {
  const { registry, findings } = await lintProject(root);
  const errors = findings.filter(({ severity }) => severity === "error");
  if (registry !== undefined && errors.length === 0) return registry;
  throw new Error(errors.map(({ text }) => text).join("\n"));
}

function lintRegistry(root: string, { deployables }: Registry): PlacedFinding[] {
  const functions = deployables.map(({ definition }) => definition);
  const locate = sourceLocator(root);
  const manifest = deployManifest(functions);
  const rendered = checkRenderings(manifest);
  const { environments } = rendered;
  const findings = lintDefinitions({ functions, manifest, clouds, environments });
  return [...findings, ...rendered.findings].map(({ severity, rule, subject, message }) => {
    const place = locate(subject) ?? "functions";
    return { severity, rule, text: `${place} ${subject.name}: ${message}` };
  });
}

/** Definitions that throw when their module is loaded: every one of them, not only the first. */
async function brokenDefinitions(root: string): Promise<PlacedFinding[]> {
  const findings = new Map<string, PlacedFinding>();
  for (const { path } of sourceFiles(root).filter((file) => file.path.startsWith("functions/"))) {
    try {
      await import(pathToFileURL(join(root, path)).href);
    } catch (thrown) {
      // Whoever imports a broken module fails with the same error.
      const text = `${placeOf(root, path, thrown)}: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
      findings.set(text, { severity: "error", rule: "definition", text });
    }
  }
  return [...findings.values()].toSorted((a, b) => (a.text < b.text ? -1 : 1));
}

/** The innermost frame below `functions/`: where the definition calls what refuses it. */
function placeOf(root: string, file: string, thrown: unknown): string {
  const stack = thrown instanceof Error ? (thrown.stack ?? "") : "";
  for (const [, at = "", line] of stack.matchAll(/(?:\(|at )(\S+?):(\d+):\d+\)?$/gm)) {
    const path = relative(root, at.startsWith("file:") ? fileURLToPath(at) : at);
    if (path.startsWith("functions/")) return `${path}:${line}`;
  }
  return file;
}
