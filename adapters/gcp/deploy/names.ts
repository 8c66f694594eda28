import { createHash } from "node:crypto";
import { Fault } from "#shared/errors";
import { type DeployManifest, type NameRule, physicalNames } from "#shared/plan";
import { secretId } from "../drivers/secrets-secret-manager.ts";
import { pubsubTopicName } from "../drivers/topic-pubsub.ts";

/** Where and as what a deployment is made. */
export type GcpOptions = {
  /** Stands in every name, so that stages share a project: `dev`, `staging`, `prod`. */
  readonly stage: string;
  /** As Google calls it: `europe-west1`. */
  readonly region: string;
};

/**
 * Five digits that follow from the project, for names that are everybody's. Terraform works them out, so a name holds
 * the expression.
 */
const UNIQUE = "${local.unique}";
const UNIQUE_LENGTH = 5;
/** What `local.unique` stands for. */
export const uniqueExpression = `\${substr(sha256(var.project), 0, ${UNIQUE_LENGTH})}`;

const dashed = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const rules = {
  // A function is a service of Cloud Run: https://cloud.google.com/run/docs/deploying#service-name
  function: { what: "Cloud Run function", minLength: 1, maxLength: 49, pattern: dashed },
  // https://cloud.google.com/iam/docs/service-accounts-create#creating
  account: { what: "Google service account", minLength: 6, maxLength: 30, pattern: dashed },
  // https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names
  topic: {
    what: "Pub/Sub topic",
    minLength: 3,
    maxLength: 255,
    pattern: /^(?!goog)[a-z][a-z0-9.-]*$/,
  },
  // https://cloud.google.com/storage/docs/buckets#naming
  bucket: { what: "Cloud Storage bucket", minLength: 3, maxLength: 63, pattern: dashed },
  // https://cloud.google.com/firestore/docs/manage-databases#database_id
  database: { what: "Firestore database", minLength: 4, maxLength: 63, pattern: dashed },
  job: { what: "Cloud Scheduler job", minLength: 1, maxLength: 500, pattern: dashed },
  // https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets/create
  secret: {
    what: "secret in Secret Manager",
    minLength: 1,
    maxLength: 255,
    pattern: /^[A-Za-z0-9_-]+$/,
  },
} satisfies Record<string, NameRule>;

/** The names of everything in a deployment to Google, by our names. */
export type GcpNames = {
  /** `auterity-<stage>-`: what the drivers put before the names of queues, topics and secrets. */
  readonly prefix: string;
  /** The same for buckets, whose names are everybody's. */
  readonly bucketPrefix: string;
  readonly database: string;
  readonly functions: ReadonlyMap<string, string>;
  /** Of the identity that a function runs as. */
  readonly accounts: ReadonlyMap<string, string>;
  readonly queues: ReadonlyMap<string, string>;
  readonly topics: ReadonlyMap<string, string>;
  /** Of secrets whose whole name is known. */
  readonly secrets: ReadonlyMap<string, string>;
};

/** Accounts that no function runs as. */
export const CALLER = "caller";
export const BUILDER = "builder";

/** Names everything of a manifest. Throws `invalid_argument` where Google would not take one, or two would be one. */
export function gcpNames(manifest: DeployManifest, { stage }: GcpOptions): GcpNames {
  if (!/^[a-z][a-z0-9]*$/.test(stage)) {
    throw new Fault(
      "invalid_argument",
      `gcp.names: "${stage}" is no stage; use lower-case letters and digits, such as dev or prod`,
    );
  }
  const prefix = `auterity-${stage}-`;
  const bucketPrefix = `${prefix}${UNIQUE}-`;
  const functions = manifest.functions.map(({ name }) => name);
  const prefixed = (name: string): string => `${prefix}${name}`;
  const digits = "0".repeat(UNIQUE_LENGTH);
  const buckets = ["packages", ...manifest.buckets.map(({ name }) => name)];
  physicalNames(rules.bucket, buckets, (name) => `${prefix}${digits}-${name}`);
  physicalNames(rules.job, functions, prefixed);
  const database = `auterity-${stage}`;
  physicalNames(rules.database, [stage], () => database);
  const whole = manifest.secrets.filter((name) => !name.includes("*"));
  return {
    prefix,
    bucketPrefix,
    database,
    functions: physicalNames(rules.function, functions, prefixed),
    accounts: physicalNames(rules.account, [...functions, CALLER, BUILDER], (name) =>
      shortened(`${stage}-${name}`, rules.account.maxLength),
    ),
    queues: physicalNames(
      rules.topic,
      manifest.queues.map(({ name }) => name),
      prefixed,
    ),
    topics: physicalNames(
      rules.topic,
      manifest.topics.map(({ name }) => name),
      (name) => prefixed(pubsubTopicName(name)),
    ),
    secrets: physicalNames(rules.secret, whole, (name) => prefixed(secretId(name))),
  };
}

/** A name that is too long, cut and told apart by a digest of the whole. */
function shortened(name: string, maxLength: number): string {
  if (name.length <= maxLength) return name;
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 6);
  return `${name.slice(0, maxLength - digest.length - 1).replace(/-$/, "")}-${digest}`;
}
