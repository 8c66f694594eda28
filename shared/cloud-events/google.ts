import * as z from "zod";

// Only as wide as our use: https://github.com/googleapis/google-cloudevents/tree/main/proto/google/events. Numbers of 64
// bits are text in Google's JSON, and numbers in some of its own examples.

const int64 = z.union([z.string(), z.int()]);
const names = z.array(z.string());

const auditLog = z.object({
  insertId: z.string(),
  logName: z.string(),
  timestamp: z.string(),
  severity: z.union([z.string(), z.int()]).optional(),
  protoPayload: z.object({
    serviceName: z.string(),
    methodName: z.string(),
    resourceName: z.string().optional(),
    authenticationInfo: z.object({ principalEmail: z.string().optional() }).optional(),
  }),
});

const build = z.object({
  id: z.string().optional(),
  projectId: z.string().optional(),
  status: z.union([z.string(), z.int()]).optional(),
  createTime: z.string(),
  finishTime: z.string().optional(),
  buildTriggerId: z.string().optional(),
  logUrl: z.string().optional(),
  images: names.optional(),
  tags: names.optional(),
});

const document = z.object({
  name: z.string().optional(),
  fields: z.record(z.string(), z.unknown()).optional(),
  createTime: z.string().optional(),
  updateTime: z.string().optional(),
});

/** Before and after; the one that does not exist is empty or left out. */
const documentChange = z.object({
  value: document.optional(),
  oldValue: document.optional(),
  updateMask: z.object({ fieldPaths: names.optional() }).optional(),
});

const messagePublished = z.object({
  subscription: z.string(),
  message: z.object({
    messageId: z.string(),
    publishTime: z.string(),
    /** Base64. */
    data: z.string().optional(),
    attributes: z.record(z.string(), z.string()).optional(),
    orderingKey: z.string().optional(),
  }),
});

const storageObject = z.object({
  bucket: z.string(),
  name: z.string(),
  id: z.string(),
  generation: int64,
  size: int64.optional(),
  contentType: z.string().optional(),
  md5Hash: z.string().optional(),
  timeCreated: z.string().optional(),
  updated: z.string().optional(),
});

const user = z.object({
  uid: z.string(),
  email: z.string().optional(),
  disabled: z.boolean().optional(),
  metadata: z.object({ createTime: z.string().optional() }).optional(),
  providerData: z.array(z.object({ providerId: z.string(), uid: z.string() })).optional(),
});

const configVersion = z.object({
  versionNumber: int64,
  updateTime: z.string(),
  updateType: z.union([z.string(), z.int()]),
});

const testMatrix = z.object({
  testMatrixId: z.string(),
  state: z.union([z.string(), z.int()]),
  outcomeSummary: z.union([z.string(), z.int()]).optional(),
});

/** The data of Google's events, by the CloudEvents type without its version and the action at its end. */
export const googleEventData = {
  "google.cloud.audit.log": auditLog,
  "google.cloud.cloudbuild.build": build,
  "google.cloud.firestore.document": documentChange,
  "google.cloud.pubsub.topic": messagePublished,
  "google.cloud.scheduler.job": z.object({ customData: z.string() }),
  "google.cloud.storage.object": storageObject,
  "google.firebase.analytics.log": z.object({
    userDim: z.record(z.string(), z.unknown()),
    eventDim: z.array(z.object({ name: z.string(), timestampMicros: int64 })),
  }),
  "google.firebase.auth.user": user,
  "google.firebase.database.ref": z.object({ data: z.unknown(), delta: z.unknown() }),
  "google.firebase.firebasealerts.alerts": z.object({
    createTime: z.string(),
    payload: z.record(z.string(), z.unknown()),
  }),
  "google.firebase.remoteconfig.remoteConfig": configVersion,
  "google.firebase.testlab.testMatrix": testMatrix,
} as const;

/** The schema of a type such as `google.cloud.storage.object.v1.finalized`; `undefined` for one we do not know. */
export function googleEventSchema(type: string): z.ZodType | undefined {
  const kind = type.replace(/\.v\d+\.\w+$/, "");
  return Object.entries(googleEventData).find(([known]) => known === kind)?.[1];
}
