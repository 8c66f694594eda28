import { Fault } from "#shared/errors";
import { defineAction } from "#shared/integration";
import * as z from "zod";
import { location, serviceId } from "../client.ts";
import { readService } from "./get-service.ts";
import { call, Called, callUrl } from "./invoke-function.ts";
import { tagName } from "./split-traffic.ts";

export const invokeService = defineAction({
  summary: "Call a service, or one of its tagged revisions, with an ID token of a service account",
  docs: "https://cloud.google.com/run/docs/authenticating/service-to-service",
  scopes: ["run.services.get", "run.routes.invoke", "iam.serviceAccounts.getOpenIdToken"],
  effect: "write",
  idempotency: { kind: "none", why: "what a second call does is up to the service" },
  input: z.object({
    id: serviceId,
    location,
    /** The revision with this tag, whatever traffic it has. */
    tag: tagName.optional(),
    ...call,
  }),
  output: Called,
  async run(api, { id, location: asked, tag, ...given }) {
    const service = await readService(api, asked, id);
    const main = service.uri ?? null;
    if (tag === undefined) return callUrl(api, main, main, given);
    const url = service.trafficStatuses?.find((one) => one.tag === tag)?.uri;
    if (url) return callUrl(api, url, main, given);
    const message = `cloud-functions.invoke: no revision has the tag "${tag}"; set it with split-traffic or update-service`;
    throw new Fault("not_found", message, { origin: "caller" });
  },
});
