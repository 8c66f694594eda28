import { defineIntegration } from "#shared/integration";
import * as z from "zod";
import { aggregateQuery } from "./actions/aggregate-query.ts";
import { batchWrite } from "./actions/batch-write.ts";
import { commitWrites } from "./actions/commit-writes.ts";
import { createDocument } from "./actions/create-document.ts";
import { deleteDocument } from "./actions/delete-document.ts";
import { getDocument } from "./actions/get-document.ts";
import { getDocuments } from "./actions/get-documents.ts";
import { listCollections } from "./actions/list-collections.ts";
import { listDocuments } from "./actions/list-documents.ts";
import { runQuery } from "./actions/run-query.ts";
import { updateDocument } from "./actions/update-document.ts";
import { errorOf, reference, scopes } from "./client.ts";
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
  limits: [],
  health: "list-collections",
  actions: {
    "aggregate-query": aggregateQuery,
    "batch-write": batchWrite,
    "commit-writes": commitWrites,
    "create-document": createDocument,
    "delete-document": deleteDocument,
    "get-document": getDocument,
    "get-documents": getDocuments,
    "list-collections": listCollections,
    "list-documents": listDocuments,
    "run-query": runQuery,
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
      { line: "structured queries with paging", actions: ["run-query"] },
      { line: "batch and transactional writes", actions: ["batch-write", "commit-writes"] },
      { line: "aggregate count/sum/avg", actions: ["aggregate-query"] },
    ],
    on: [
      {
        line: "document created/updated/deleted (Eventarc CloudEvents)",
        events: Object.keys(events),
      },
    ],
    why: [],
    setup: [
      "Create a service account with the role Cloud Datastore User and download a key as JSON",
    ],
  },
});
