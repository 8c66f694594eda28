import type { FastifyRequest } from "fastify";
import { Fault } from "#shared/errors";
import { bearerToken, type IdentityDriver } from "#shared/identity";

/** Throws `unauthenticated` from `caller` for a call without a valid token of a tenant's. */
export async function authenticate(
  identity: IdentityDriver,
  request: FastifyRequest,
): Promise<void> {
  const { authorization } = request.headers;
  const token = bearerToken(authorization === undefined ? {} : { authorization });
  if (token !== undefined && (await identity.identify(token)) !== undefined) return;
  throw new Fault(
    "unauthenticated",
    "gateway.identity: no valid bearer token came with the call; send `authorization: Bearer <token>`",
    { origin: "caller" },
  );
}
