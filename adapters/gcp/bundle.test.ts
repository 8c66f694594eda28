import { join } from "node:path";
import { driverBundleConformance } from "#shared/testing";
import { bundle } from "../../esbuild.config.ts";

// A connection is refused before a credential is used, so any will do.
const program = `
import { cloudStorageBlobs } from "./blob-cloud-storage.ts";
import { vertexModels } from "./models-vertex.ts";
import { pubsubQueue } from "./queue-pubsub.ts";
import { secretManagerSecrets } from "./secrets-secret-manager.ts";
import { firestoreState } from "./state-firestore.ts";
import { pubsubTopic } from "./topic-pubsub.ts";
const credentials = { client_email: "nobody@example.com", private_key: "none" };
const options = { project: "p", client: { servicePath: "127.0.0.1", port: 1, credentials } };
const [state, queue, secrets] = [
  firestoreState(options), pubsubQueue(options), secretManagerSecrets(options),
];
const event = {
  specversion: "1.0", id: "e", type: "t", source: "/", time: "2026-01-01T00:00:00Z",
  datacontenttype: "application/json", auteritytenant: "acme", data: {},
};
const topic = pubsubTopic(options);
const models = vertexModels({
  project: "p", location: "global", endpoint: "http://127.0.0.1:1", tokens: async () => "t",
  clock: { now: () => Date.now(), sleep: () => new Promise(() => {}) },
});
const blobs = cloudStorageBlobs({ client: { apiEndpoint: "http://127.0.0.1:1", projectId: "p", credentials } });
const codes = await Promise.all([
  state.read({ store: "s", partition: "p", sort: "k" }, undefined).catch(state.codeOf),
  queue.send("q", [{ body: "{}", delaySeconds: 0 }], undefined).catch(queue.codeOf),
  secrets.read("name", undefined).catch(secrets.codeOf),
  blobs.head({ bucket: "files", key: "k" }, undefined).catch(blobs.codeOf),
  models.embed({ model: "m", texts: ["t"] }, new AbortController().signal).catch(models.codeOf),
  topic.publish("t", [event], undefined).catch(topic.codeOf),
]);
process.stdout.write(codes.join());
process.exit();
`;

driverBundleConformance("gcp", {
  bundle: (entryPoints, outdir) => bundle("gcp", entryPoints, outdir),
  drivers: join(import.meta.dirname, "drivers"),
  program,
  calls: 6,
  loadedFirst: "drivers/state-firestore.ts",
  loadedLate: /google-gax|@google-cloud|@grpc/,
});
