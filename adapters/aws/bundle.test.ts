import { join } from "node:path";
import { driverBundleConformance } from "#shared/testing";
import { bundle } from "../../esbuild.config.ts";

// What a function's bundle does: imports the drivers, and uses one only when it is called.
const program = `
import { s3Blobs } from "./blob-s3.ts";
import { bedrockModels } from "./models-bedrock.ts";
import { sqsQueue } from "./queue-sqs.ts";
import { secretsManager } from "./secrets-manager.ts";
import { dynamoDbState } from "./state-dynamodb.ts";
import { eventBridgeTopic } from "./topic-eventbridge.ts";
import { snsTopic } from "./topic-sns.ts";
const endpoint = "http://127.0.0.1:1";
const credentials = { accessKeyId: "local", secretAccessKey: "local" };
const to = { region: "eu-central-1", endpoint, credentials, table: "t", baseUrl: endpoint };
const [state, queue, secrets] = [dynamoDbState(to), sqsQueue(to), secretsManager(to)];
const blobs = s3Blobs(to);
const models = bedrockModels(to);
const event = {
  specversion: "1.0", id: "e", type: "t", source: "/", time: "2026-01-01T00:00:00Z",
  datacontenttype: "application/json", auteritytenant: "acme", data: {},
};
const topics = [snsTopic({ ...to, arnPrefix: "arn:aws:sns:eu-central-1:1" }), eventBridgeTopic({ ...to, bus: "b" })];
const codes = await Promise.all([
  state.read({ store: "s", partition: "p", sort: "k" }, undefined).catch(state.codeOf),
  queue.send("q", [{ body: "{}", delaySeconds: 0 }], undefined).catch(queue.codeOf),
  secrets.read("name", undefined).catch(secrets.codeOf),
  blobs.head({ bucket: "files", key: "k" }, undefined).catch(blobs.codeOf),
  models.embed({ model: "amazon.titan-embed-text-v2:0", texts: ["t"] }, new AbortController().signal).catch(models.codeOf),
  ...topics.map((topic) => topic.publish("t", [event], undefined).catch(topic.codeOf)),
]);
process.stdout.write(codes.join());
`;

driverBundleConformance("aws", {
  bundle: (entryPoints, outdir) => bundle("aws", entryPoints, outdir),
  drivers: join(import.meta.dirname, "drivers"),
  program,
  calls: 7,
  loadedFirst: "drivers/state-dynamodb.ts",
  loadedLate: /@aws-sdk|@smithy/,
});
