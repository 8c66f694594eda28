import { Fault } from "#shared/errors";
import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import {
  docsOf,
  inRegion,
  location,
  Operation,
  operation,
  revisionId,
  serviceId,
} from "../client.ts";
import { settings, templateOf } from "./create-service.ts";
import { readService, type ServiceParts } from "./get-service.ts";
import { held, tagName, targetsOf } from "./split-traffic.ts";

const Settings = z.object(settings);

export const updateService = defineAction({
  summary: "Make a new revision of a service, with or without traffic; what is left out stays",
  docs: `${docsOf.services}/patch`,
  scopes: [
    "run.services.get",
    "run.services.update",
    "run.operations.get",
    "iam.serviceAccounts.actAs",
  ],
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "it is sent with the etag that was read: after it took effect a repeat is refused as ABORTED",
  },
  input: z.object({
    id: serviceId,
    location,
    ...settings,
    /** Of the new revision; Google names it where this is left out. */
    revision: revisionId.optional(),
    /** The traffic stays where it is, and the new revision is called by this tag: the first step of a canary. */
    candidate: tagName.optional(),
    /** As `get-service` gave it: nobody has changed the service since. */
    etag: z.string().min(1).max(200).optional(),
  }),
  output: Operation,
  async run(api, { id, location: asked, revision, candidate, etag, ...given }) {
    if (revision === undefined && !Object.values(given).some((value) => value !== undefined)) {
      const message = "cloud-functions.update: nothing is to be changed; give at least one setting";
      throw new Fault("invalid_argument", message, { origin: "caller" });
    }
    const service = await readService(api, asked, id);
    return api.request(
      operation("services", {
        method: "PATCH",
        path: path`${inRegion(api, asked)}/services/${id}`,
        query: { updateMask: candidate === undefined ? "template" : "template,traffic" },
        json: changed(service, given, { revision, candidate, etag }),
      }),
    );
  },
});

function changed(
  service: ServiceParts,
  given: z.infer<typeof Settings>,
  about: Readonly<Record<"revision" | "candidate" | "etag", string | undefined>>,
) {
  const template = templateOf(service.template ?? {}, given);
  const { revision, candidate } = about;
  return {
    etag: about.etag ?? service.etag ?? undefined,
    template: revision === undefined ? template : { ...template, revision },
    ...(candidate === undefined ? {} : { traffic: targetsOf(held(service, candidate)) }),
  };
}
