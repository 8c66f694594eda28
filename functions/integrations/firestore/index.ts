import { defineIntegration } from "#shared/integration";
import * as z from "zod";
import { aggregateQuery } from "./actions/aggregate-query.ts";
import { batchWrite } from "./actions/batch-write.ts";
import { commitWrites } from "./actions/commit-writes.ts";
import { createDocument } from "./actions/create-document.ts";
import { createIndex } from "./actions/create-index.ts";
import { createRuleset } from "./actions/create-ruleset.ts";
import { deleteDocument } from "./actions/delete-document.ts";
import { deleteIndex } from "./actions/delete-index.ts";
import { followQuery } from "./actions/follow-query.ts";
import { getDocument } from "./actions/get-document.ts";
import { getDocuments } from "./actions/get-documents.ts";
import { getOperation } from "./actions/get-operation.ts";
import { getRules } from "./actions/get-rules.ts";
import { listCollections } from "./actions/list-collections.ts";
import { listDocuments } from "./actions/list-documents.ts";
import { listIndexes } from "./actions/list-indexes.ts";
import { listRulesets } from "./actions/list-rulesets.ts";
import { listTtl } from "./actions/list-ttl.ts";
import { releaseRuleset } from "./actions/release-ruleset.ts";
import { replayWrites } from "./actions/replay-writes.ts";
import { runQuery } from "./actions/run-query.ts";
import { runTransaction } from "./actions/run-transaction.ts";
import { setFieldIndex } from "./actions/set-field-index.ts";
import { setTtl } from "./actions/set-ttl.ts";
import { testRules } from "./actions/test-rules.ts";
import { updateDocument } from "./actions/update-document.ts";
import { errorOf, reference, rulesScopes, scopes } from "./client.ts";
import { events } from "./events.ts";
import { rootPath } from "./place.ts";

const fields = {
  "service-account": { label: "Service account key (JSON)", required: true, secret: true },
  "webhook-secret": {
    label: "Eventarc: the trigger's service account and audience, with a blank between",
    required: false,
    secret: true,
  },
} as const;

/** Security rules are another API, which does not take the scope of documents. */
const rulesActions = [
  "create-ruleset",
  "get-rules",
  "list-rulesets",
  "release-ruleset",
  "test-rules",
] as const;

/** Names as field paths, with commas between; nothing for all. */
const fieldList = z.string().max(4_000);

const config = {
  project: {
    label: "Project ID",
    // https://cloud.google.com/resource-manager/docs/creating-managing-projects
    schema: z.string().regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/),
    example: "my-project",
  },
  database: {
    label: "Database ID",
    // https://cloud.google.com/firestore/docs/manage-databases#database_id
    schema: z.string().regex(/^(?:\(default\)|[a-z][a-z0-9-]{2,61}[a-z0-9])$/),
    default: "(default)",
    example: "(default)",
  },
  root: {
    label: "Document that all paths are below, such as tenants/acme; nothing for the database",
    schema: rootPath,
    default: "",
    example: "tenants/acme",
  },
  "readable-fields": {
    label: "Fields that may be read; nothing for all",
    schema: fieldList,
    default: "",
    example: "name,address.city",
  },
  "writable-fields": {
    label: "Fields that may be written; nothing for all",
    schema: fieldList,
    default: "",
    example: "status,note",
  },
} as const;

export default defineIntegration({
  id: "firestore",
  title: "Google Firestore",
  summary:
    "Documents, queries, atomic writes, indexes and security rules of a Firestore database, and what changes in it",
  category: "data",
  docs: reference,
  auth: [
    { kind: "service-account", title: "Service account", fields, config, scopes },
    { kind: "service-account", fields, config, scopes: rulesScopes, only: rulesActions },
    {
      kind: "bearer",
      title: "Access token of an hour",
      fields: {
        token: { label: "Access token", required: true, secret: true },
        "webhook-secret": fields["webhook-secret"],
      },
      config,
    },
  ],
  http: {
    baseUrl: "https://firestore.googleapis.com/v1",
    hosts: { rules: { baseUrl: "https://firebaserules.googleapis.com/v1" } },
    timeoutSeconds: 20,
    errorOf,
  },
  limits: [
    {
      scope: "sustained writes, per document",
      requests: 1,
      perSeconds: 1,
      docs: "https://cloud.google.com/firestore/docs/best-practices#updates_to_a_single_document",
    },
  ],
  health: "list-collections",
  actions: {
    "aggregate-query": aggregateQuery,
    "batch-write": batchWrite,
    "commit-writes": commitWrites,
    "create-document": createDocument,
    "create-index": createIndex,
    "create-ruleset": createRuleset,
    "delete-document": deleteDocument,
    "delete-index": deleteIndex,
    "follow-query": followQuery,
    "get-document": getDocument,
    "get-documents": getDocuments,
    "get-operation": getOperation,
    "get-rules": getRules,
    "list-collections": listCollections,
    "list-documents": listDocuments,
    "list-indexes": listIndexes,
    "list-rulesets": listRulesets,
    "list-ttl": listTtl,
    "release-ruleset": releaseRuleset,
    "replay-writes": replayWrites,
    "run-query": runQuery,
    "run-transaction": runTransaction,
    "set-field-index": setFieldIndex,
    "set-ttl": setTtl,
    "test-rules": testRules,
    "update-document": updateDocument,
  },
  webhooks: {
    docs: "https://cloud.google.com/eventarc/standard/docs/run/route-trigger-cloud-firestore",
    // Eventarc sends an ID token of the trigger's service account:
    // https://cloud.google.com/eventarc/docs/run/troubleshoot#authentication
    verify: {
      kind: "jwt",
      header: "authorization",
      prefix: "Bearer ",
      keys: {
        jwks: "https://www.googleapis.com/oauth2/v3/certs",
        algorithms: ["RS256"],
        who: ["email", "aud"],
      },
      issuers: ["https://accounts.google.com", "accounts.google.com"],
      claims: { email_verified: true },
      toleranceSeconds: 60,
    },
    secretField: "webhook-secret",
    // CloudEvents in binary mode: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
    deliveryId: { header: "ce-id" },
    type: { header: "ce-type" },
    events,
  },
  catalog: {
    does: [
      {
        line: "get/create/update/delete documents",
        actions: [
          "get-document",
          "get-documents",
          "list-documents",
          "list-collections",
          "create-document",
          "update-document",
          "delete-document",
        ],
      },
      { line: "structured queries with paging", actions: ["run-query", "follow-query"] },
      {
        line: "batch and transactional writes",
        actions: ["batch-write", "commit-writes", "run-transaction", "replay-writes"],
      },
      { line: "aggregate count/sum/avg", actions: ["aggregate-query"] },
      {
        line: "manage indexes and TTL policies",
        actions: [
          "list-indexes",
          "create-index",
          "delete-index",
          "set-field-index",
          "list-ttl",
          "set-ttl",
          "get-operation",
        ],
      },
      { line: "read and release security rules", actions: [...rulesActions] },
    ],
    on: [
      {
        line: "document created/updated/deleted (Eventarc CloudEvents)",
        events: Object.keys(events),
      },
    ],
    why: [
      {
        line: "real-time sync through a listen stream",
        how: "`follow-query` streams what was added, modified and removed between two snapshots and goes on from `next`: it looks every few seconds, as listening takes gRPC; the events tell single changes at once",
      },
      {
        line: "offline persistence: queued writes replayed with preconditions",
        how: "`replay-writes` applies a queue in order, each write once, and tells which conflict and with what",
      },
      {
        line: "field-level security, tenant isolation, audit trail",
        how: "`root`, `readable-fields` and `writable-fields` of the connection bound every action; each call is a run with its receipt",
      },
      {
        line: "cached and pooled reads",
        how: "`get-documents` reads many in one request and sends back only those that changed since the update times the caller has; sockets stay open",
      },
    ],
    setup: [
      "Create a service account with the role Cloud Datastore User (Cloud Datastore Index Admin and Firebase Rules Admin for indexes and rules) and download a key as JSON",
      "Enter the project, the database and, to bound the connection, a root document and fields",
      "For events make an Eventarc trigger per type, with event data as application/json, to the address of the connection's webhooks, which takes calls without authentication as it verifies the token itself",
      "Enter the trigger's service account and the audience of its token, with a blank between",
    ],
  },
});
