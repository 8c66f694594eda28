import { defineIntegration } from "#shared/integration";
import * as z from "zod";
import { evaluateFlow } from "./actions/evaluate-flow.ts";
import { getTrace } from "./actions/get-trace.ts";
import { listFlows } from "./actions/list-flows.ts";
import { listTraces } from "./actions/list-traces.ts";
import { runFlow } from "./actions/run-flow.ts";
import { streamFlow } from "./actions/stream-flow.ts";
import { errorOf } from "./client.ts";

const host = {
  label: "Host of the flow server",
  schema: z
    .string()
    .max(253)
    .regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z]{2,}$/),
  example: "flows.example.com",
};

export default defineIntegration({
  id: "genkit",
  title: "Google Genkit",
  summary: "Flows of a Genkit server or of this suite: run, streamed, traced and evaluated",
  category: "ai",
  docs: "https://genkit.dev/docs/client",
  auth: [
    {
      kind: "bearer",
      title: "Token",
      fields: { token: { label: "Bearer token of the server", required: true, secret: true } },
      config: { host },
    },
    {
      // https://cloud.google.com/run/docs/authenticating/service-to-service
      kind: "service-account",
      title: "Cloud Run",
      fields: {
        "service-account": { label: "Service account key (JSON)", required: true, secret: true },
      },
      config: { host },
      idTokenAudience: "https://{host}",
    },
  ],
  http: { baseUrl: "https://{host}", errorOf },
  limits: [],
  health: "list-flows",
  actions: {
    "evaluate-flow": evaluateFlow,
    "get-trace": getTrace,
    "list-flows": listFlows,
    "list-traces": listTraces,
    "run-flow": runFlow,
    "stream-flow": streamFlow,
  },
  catalog: {
    does: [
      {
        line: "define and run flows as functions of this suite",
        actions: ["list-flows", "run-flow"],
      },
      { line: "plug-ins backed by this suite's model port", actions: ["run-flow"] },
      { line: "stream flow output", actions: ["stream-flow"] },
      {
        line: "inspect traces and evaluate flows",
        actions: ["list-traces", "get-trace", "evaluate-flow"],
      },
    ],
    on: [
      {
        line: "flow finished",
        how: "`flow.finished` of the topic `flow-events`, which every `flow()` of this suite publishes",
      },
    ],
    why: [
      {
        line: "AI flow management",
        how: "`flow()` and `genkitModel()` of `shared/flows` make flows, these actions run, watch and judge them",
      },
    ],
    setup: [
      "Serve the flows with Genkit's Express plug-in, or define them with `flow()` of this suite",
      "Enter the server's host, and a token that its context provider or gateway takes; for Cloud Run the key of a service account that may invoke it",
      "For lists and traces let the same host serve the reflection and telemetry APIs below /api",
    ],
  },
});
