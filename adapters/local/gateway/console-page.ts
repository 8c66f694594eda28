import { readFile } from "node:fs/promises";
import type { FastifyInstance } from "fastify";
import { notThere } from "./serve-function.ts";

/** The built console's files; a fixed list, so that no path of a request ever reaches the disk. */
const files: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  "/": { file: "index.html", type: "text/html; charset=utf-8" },
  "/console.js": { file: "console.js", type: "text/javascript; charset=utf-8" },
  "/console.css": { file: "console.css", type: "text/css; charset=utf-8" },
};

/** Serves the console from `folder`. The page itself is public; everything it shows needs the token. */
export function consolePage(server: FastifyInstance, folder: URL): void {
  for (const [path, { file, type }] of Object.entries(files)) {
    server.get(path, async (_request, reply) => {
      const content = await readFile(new URL(file, folder)).catch(() => {
        throw notThere("console build", "npm run build makes it");
      });
      return reply.type(type).send(content);
    });
  }
}
