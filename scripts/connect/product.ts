import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

/** A running product, or a deployment, as the command line calls it. */
export type ProductClient = {
  readonly url: string;
  /** JSON of an answer; throws with the answer's own words where it is a failure. */
  call(method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<unknown>;
};

const Problem = z.object({ detail: z.string() });

/**
 * Opens a product: `AUTERITY_URL` and `AUTERITY_TOKEN`, or the local one with the token of the data folder. Throws where
 * there is no token.
 */
export function openProduct(
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
): ProductClient {
  const url = (env["AUTERITY_URL"] ?? "http://127.0.0.1:4400").replace(/\/+$/, "");
  const file = join(folder, "token");
  const token =
    env["AUTERITY_TOKEN"] ?? (existsSync(file) ? readFileSync(file, "utf8").trim() : "");
  if (token === "")
    throw new Error("there is no token; start the product first, or set AUTERITY_TOKEN");
  return {
    url,
    async call(method, path, body) {
      const response = await send(url + path, {
        method,
        headers: { authorization: `Bearer ${token}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const json: unknown = text.startsWith("{") ? JSON.parse(text) : undefined;
      if (response.ok) return json;
      throw new Error(
        Problem.safeParse(json).data?.detail ?? `the product answered ${response.status}`,
      );
    },
  };
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch {
    throw new Error(
      `nothing answers at ${new URL(url).origin}; start it with "npm start", or set AUTERITY_URL`,
    );
  }
}
