import { googleEventData } from "#shared/cloud-events";

const type = "google.cloud.firestore.document.v1";
const changes = ["created", "updated", "deleted", "written"] as const;
/** The same events with who did it in `ce-authtype` and `ce-authid`. */
const suffixes = ["", ".withAuthContext"] as const;

/** https://cloud.google.com/eventarc/docs/reference/supported-events#cloud-firestore */
export const events = Object.fromEntries(
  suffixes.flatMap((suffix) =>
    changes.map((change) => [
      `${type}.${change}${suffix}`,
      googleEventData["google.cloud.firestore.document"],
    ]),
  ),
);
