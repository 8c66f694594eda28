import type { FastifyInstance } from "fastify";
import type { ReplicationReport } from "#shared/console";
import { Fault } from "#shared/errors";
import type { Members } from "#shared/replication";
import * as z from "zod";
import type { Replicas } from "../replication/replicas.ts";

const Promotion = z.strictObject({
  lost: z.string().min(1).max(40),
  home: z.string().min(1).max(40).optional(),
  isGone: z.boolean().optional(),
});

/** `GET /v1/replication`, and `POST /v1/replication/promote` for when a cloud is lost for good. */
export function registerReplication(server: FastifyInstance, replicas: Replicas | undefined): void {
  server.get("/v1/replication", async (): Promise<ReplicationReport> => {
    return { items: (await replicas?.status()) ?? [] };
  });
  server.post("/v1/replication/promote", async (request): Promise<Members> => {
    if (replicas === undefined) throw oneStore();
    const { lost, home, isGone } = promotionOf(request.body);
    return replicas.promote(lost, {
      ...(home === undefined ? {} : { home }),
      ...(isGone === undefined ? {} : { isGone }),
    });
  });
}

function promotionOf(body: unknown): z.output<typeof Promotion> {
  try {
    return Promotion.parse(JSON.parse(Buffer.isBuffer(body) ? body.toString() : ""));
  } catch (cause) {
    throw new Fault(
      "invalid_argument",
      'gateway.promote: the body does not fit; send {"lost":"<cloud>"}, with "home" and "isGone" where needed',
      { origin: "caller", cause },
    );
  }
}

function oneStore(): Fault {
  return new Fault(
    "failed_precondition",
    "gateway.promote: all clouds work on one store here; start with --engines emulators",
    { origin: "caller" },
  );
}
