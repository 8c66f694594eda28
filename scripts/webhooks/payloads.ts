import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CloudEvent, googleEventSchema } from "#shared/cloud-events";
import type { VendorWebhooks } from "#shared/integration";
import * as z from "zod";
import { readEvents } from "../../shared/integration/read-events.ts";

/** A recorded payload, and what our schemas say to it: `undefined` when it fits. */
export type Judged = { readonly name: string; readonly refusal: string | undefined };

const byFile = z.record(z.string(), z.unknown());
const byEvent = z.record(z.string(), z.array(z.unknown()));

/** The files of a vendor's folder, parsed. */
function filesOf(folder: string): Map<string, unknown> {
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return new Map(
    names.map((name) => [name, JSON.parse(readFileSync(join(folder, name), "utf8")) as unknown]),
  );
}

/** GitHub's examples: lists of payloads by the event's name, which is a header on the wire. */
export function judgeGithub(folder: string, webhooks: VendorWebhooks): readonly Judged[] {
  const examples = byEvent.parse(filesOf(folder).get("webhooks-examples.json"));
  return Object.entries(examples).flatMap(([event, payloads]) =>
    payloads.map((payload, index) => ({
      name: `${event} ${index + 1}`,
      refusal: judgeEvent(webhooks, payload, { "x-github-event": event, "x-github-delivery": "d" }),
    })),
  );
}

/** Slack's: payloads by the file they come from, and those of its AsyncAPI description that are whole events. */
export function judgeSlack(folder: string, webhooks: VendorWebhooks): readonly Judged[] {
  const files = filesOf(folder);
  const samples = byFile.parse(files.get("java-slack-sdk-samples.json"));
  const described = z
    .object({ "/components/schemas/GenericEventWrapper": z.array(z.unknown()) })
    .parse(files.get("events-api-asyncapi-examples.json"));
  const whole = described["/components/schemas/GenericEventWrapper"];
  return [
    ...Object.entries(samples),
    ...whole.map((payload, index) => [`asyncapi ${index + 1}`, payload] as const),
  ].map(([name, payload]) => ({ name, refusal: judgeEvent(webhooks, payload, {}) }));
}

/** What our schemas say to a payload; `kind` is the type that it must be taken for, where that is known. */
export function judgeEvent(
  webhooks: VendorWebhooks,
  payload: unknown,
  headers: Record<string, string>,
  kind?: string,
): string | undefined {
  const url = "https://hooks.example.com/";
  const body = Buffer.from(JSON.stringify(payload));
  const asked = { method: "POST", url, headers, body };
  const request = { ...asked, path: "/", query: "", params: {}, clientIp: undefined };
  try {
    const [event] = readEvents(webhooks, request, asked, payload);
    const { type = "", payload: read } = event ?? {};
    if (kind !== undefined && kind !== type) return `is taken for "${type}"`;
    const known = Object.hasOwn(webhooks.events, type) ? webhooks.events[type] : undefined;
    return misfit(known ?? webhooks.otherEvents ?? z.never(), read);
  } catch (error) {
    return String(error);
  }
}

/** The data of each of Google's examples, by the name of its message; structured ones say their type themselves. */
const kinds = new Map([
  ["AlertData", "google.firebase.firebasealerts.alerts"],
  ["AnalyticsLogData", "google.firebase.analytics.log"],
  ["AuthEventData", "google.firebase.auth.user"],
  ["BuildEventData", "google.cloud.cloudbuild.build"],
  ["DocumentEventData", "google.cloud.firestore.document"],
  ["LogEntryData", "google.cloud.audit.log"],
  ["MessagePublishedData", "google.cloud.pubsub.topic"],
  ["ReferenceEventData", "google.firebase.database.ref"],
  ["RemoteConfigEventData", "google.firebase.remoteconfig.remoteConfig"],
  ["SchedulerJobData", "google.cloud.scheduler.job"],
  ["StorageObjectData", "google.cloud.storage.object"],
  ["TestMatrixEventData", "google.firebase.testlab.testMatrix"],
]);

/** Google's examples: data alone, as it comes in binary mode, or a whole CloudEvent. */
export function judgeGoogle(folder: string): readonly Judged[] {
  const samples = byFile.parse(filesOf(folder).get("google-cloudevents.json"));
  return Object.entries(samples).map(([name, payload]) => {
    const structured = CloudEvent.safeParse(payload);
    if (structured.success) {
      const { type, data } = structured.data;
      return { name, refusal: misfit(googleEventSchema(type), data) };
    }
    const kind = /\/(\w+?)-[^/]*\.json$/.exec(name)?.[1] ?? "";
    return { name, refusal: misfit(googleEventSchema(kinds.get(kind) ?? ""), payload) };
  });
}

function misfit(schema: z.ZodType | undefined, payload: unknown): string | undefined {
  if (schema === undefined) return "no schema of ours is for it";
  const { error } = schema.safeParse(payload);
  return error === undefined ? undefined : z.prettifyError(error).replaceAll("\n", " ");
}
