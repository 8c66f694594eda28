import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Subject } from "#shared/plan";

/** How the definition of a subject begins in its source. */
const BEGINNINGS: Readonly<Record<Subject["kind"], string>> = {
  function: String.raw`\bname:\s*`,
  state: String.raw`\bstore\(\s*`,
  queue: String.raw`\bqueue\(\s*`,
  topic: String.raw`\btopic\(\s*`,
  blob: String.raw`\bbucket\(\s*`,
  secret: String.raw`\bsecret\(\s*`,
  models: String.raw`\bmodels\(\s*`,
};

/** Finds definitions in the sources below `root` by their text; gives `<file>:<line>`, or `undefined`. */
export function sourceLocator(root: string): (subject: Subject) => string | undefined {
  const files = sourceFiles(root);
  return ({ kind, name }) => {
    const literal = `"${name.replaceAll(/[^\w-]/g, String.raw`\$&`)}"`;
    return (
      find(files, new RegExp(BEGINNINGS[kind] + literal)) ??
      // An integration's function and a queue named after its function are derived.
      find(files, new RegExp(String.raw`\bid:\s*"${name.replace(/^integration-/, "")}"`)) ??
      find(files, new RegExp(BEGINNINGS.function + literal)) ??
      find(files, new RegExp(literal))
    );
  };
}

type SourceFile = { readonly path: string; readonly text: string };

/** The sources that definitions may be in, those of functions first. */
export function sourceFiles(root: string): readonly SourceFile[] {
  return ["functions", "shared"].flatMap((folder) =>
    globSync(`${folder}/**/*.ts`, { cwd: root })
      .filter(
        (path) => !/\.(?:test|conformance)\.ts$|\/(?:testing|conformance|_[^/]*)\//.test(path),
      )
      .toSorted()
      .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") })),
  );
}

function find(files: readonly SourceFile[], pattern: RegExp): string | undefined {
  for (const { path, text } of files) {
    const match = pattern.exec(text);
    // The line of the name itself: a formatter may have put it below the call.
    if (match !== null) return `${path}:${lineOf(text, match.index + match[0].length)}`;
  }
  return undefined;
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}
