import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { HttpInput, HttpOutput } from "#shared/function";
import { unzipFiles } from "../zip.ts";

/** Functions of a cloud that run from their packages. */
export type Runner = {
  /** Calls a function as its cloud's front door would. */
  request(fn: string, input: HttpInput): Promise<HttpOutput>;
  stop(): Promise<void>;
};

export type RunnerOptions = {
  /** Absolute path of a function's package. */
  readonly packageOf: (fn: string) => string;
  readonly functions: readonly string[];
  /** Where packages are unpacked: outside of the repository, so that nothing is found beside them. */
  readonly folder: string;
  /** What the deployment would put into the functions' environment. */
  readonly settings: Readonly<Record<string, string>>;
};

/** The longest a function may take to start and answer. */
export const TIMEOUT_MS = 30_000;

/** Unpacks a package below `folder` and gives its own folder. */
export function unpack(path: string, folder: string, name: string): string {
  const target = join(folder, name);
  for (const [file, content] of unzipFiles(readFileSync(path))) {
    const to = join(target, file);
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, content);
  }
  return target;
}
