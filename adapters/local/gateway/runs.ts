import type { FastifyInstance } from "fastify";
import type { RunPage } from "#shared/console";
import { Fault } from "#shared/errors";
import * as z from "zod";
import type { Engine } from "../engine/engine.ts";
import { notThere } from "./serve-function.ts";

const Query = z.object({
  event: z.string().max(200).optional(),
  function: z.string().max(80).optional(),
  status: z.enum(["running", "ok", "failed"]).optional(),
  before: z.string().max(80).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

/** `GET /v1/runs` with its filters, and one run by id. */
export function registerRuns(server: FastifyInstance, engine: Engine): void {
  server.get("/v1/runs", async (request): Promise<RunPage> => {
    const parsed = Query.safeParse(request.query);
    if (!parsed.success) {
      const field = parsed.error.issues[0]?.path.join(".") ?? "query";
      throw new Fault("invalid_argument", `gateway.runs: ${field} does not fit; see the docs`, {
        origin: "caller",
        details: { field },
      });
    }
    return engine.runs(parsed.data);
  });
  server.get<{ Params: { id: string } }>("/v1/runs/:id", async (request) => {
    const run = engine.run(request.params.id);
    if (run === undefined) throw notThere("such run", "GET /v1/runs lists the newest");
    return run;
  });
}
