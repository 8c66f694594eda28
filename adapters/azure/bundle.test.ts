import { join } from "node:path";
import { driverBundleConformance } from "#shared/testing";
import { bundle } from "../../esbuild.config.ts";

// What the app's bundle does: imports the drivers, and uses one only when it is called. Nothing listens on port 1.
const program = `
import { azureBlobs } from "./blob-storage.ts";
import { azureOpenAiModels } from "./models-openai.ts";
import { storageQueue } from "./queue-storage.ts";
import { serviceBusQueue } from "./queue-service-bus.ts";
import { keyVaultSecrets } from "./secrets-key-vault.ts";
import { cosmosState } from "./state-cosmos.ts";
import { tableState } from "./state-table.ts";
import { eventGridTopic } from "./topic-event-grid.ts";
const host = "127.0.0.1:1";
const storage = ["Blob", "Table", "Queue"].map((service) => service + "Endpoint=http://" + host + "/a;").join("");
const account = { connectionString: "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;" + storage };
const cosmos = { connectionString: "AccountEndpoint=http://" + host + "/;AccountKey=a2V5;" };
const bus = {
  connectionString: "Endpoint=sb://" + host + ";SharedAccessKeyName=a;SharedAccessKey=b;UseDevelopmentEmulator=true",
};
const identity = { getToken: async () => ({ token: "t", expiresOnTimestamp: Date.now() + 3_600_000 }) };
const states = [tableState(account), cosmosState({ account: cosmos, database: "d", clock: Date })];
const queues = [storageQueue(account), serviceBusQueue({ account: bus, clock: Date })];
const secrets = keyVaultSecrets({ vaultUrl: "http://" + host, identity, emulator: true });
const event = {
  specversion: "1.0", id: "e", type: "t", source: "/", time: "2026-01-01T00:00:00Z",
  datacontenttype: "application/json", auteritytenant: "acme", data: {},
};
const blobs = azureBlobs(account);
const clock = { now: () => Date.now(), sleep: () => new Promise(() => {}) };
const models = azureOpenAiModels({ endpoint: "http://" + host, account: { identity }, clock, emulator: true });
const topic = eventGridTopic({
  endpointOf: () => "http://" + host + "/api/events", account: { key: "k" }, emulator: true,
});
const codes = await Promise.all([
  ...states.map((state) => state.read({ store: "s", partition: "p", sort: "k" }, undefined).catch(state.codeOf)),
  ...queues.map((queue) => queue.send("q", [{ body: "{}", delaySeconds: 0 }], undefined).catch(queue.codeOf)),
  secrets.read("name", undefined).catch(secrets.codeOf),
  blobs.head({ bucket: "files", key: "k" }, undefined).catch(blobs.codeOf),
  models.embed({ model: "m", texts: ["t"] }, new AbortController().signal).catch(models.codeOf),
  topic.publish("t", [event], undefined).catch(topic.codeOf),
]);
process.stdout.write(codes.join());
process.exit();
`;

driverBundleConformance("azure", {
  bundle: (entryPoints, outdir) => bundle("azure", entryPoints, outdir),
  drivers: join(import.meta.dirname, "drivers"),
  program,
  calls: 8,
  loadedFirst: "drivers/state-table.ts",
  loadedLate: /@azure\/|@typespec\/|rhea/,
});
