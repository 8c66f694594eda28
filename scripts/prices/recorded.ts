import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Fault } from "#shared/errors";
import type { GetJson } from "#shared/price-lists";

/** Reads answers from a folder that {@link recordTo} has filled, and nothing from the network. */
export function readFrom(folder: string): GetJson {
  return async (url) => {
    const file = join(folder, fileOf(url));
    try {
      return JSON.parse(readFileSync(file, "utf8")) as unknown;
    } catch (cause) {
      const what = `${url} is not in ${file}, or no JSON`;
      throw new Fault("not_found", `price-lists.read: ${what}; record it with --record`, {
        origin: "caller",
        cause,
      });
    }
  };
}

/** Keeps a copy of each answer: a file by its address, which has no key in it. */
export function recordTo(folder: string, getJson: GetJson): GetJson {
  mkdirSync(folder, { recursive: true });
  return async (url, headers) => {
    const json = await getJson(url, headers);
    writeFileSync(join(folder, fileOf(url)), JSON.stringify(json));
    return json;
  };
}

function fileOf(url: string): string {
  const { pathname, search } = new URL(url);
  const words = decodeURIComponent(`${pathname}${search}`.replaceAll("+", " "));
  return `${words.replaceAll(/[^\w.-]+/g, "_").replace(/^_/, "")}.json`;
}
