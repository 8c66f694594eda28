import { path } from "#shared/integration";
import * as z from "zod";
import { cors } from "./create-url.ts";
import { gatewayAction } from "../client.ts";

export const HttpApi = z.object({
  id: z.string(),
  name: z.string(),
  /** Below it are the stages; `$default` is it itself. */
  url: z.string(),
  createdAt: z.string(),
});

export const createApi = gatewayAction("POST", "apis", {
  summary: "Create an HTTP API, which has no routes and no stage yet",
  idempotency: { kind: "none", why: "names are not unique; a repeat makes a second API" },
  input: z.object({
    name: z.string().min(1).max(128),
    description: z.string().max(1_024).optional(),
    cors: cors.optional(),
  }),
  output: HttpApi,
  call: ({ cors: corsConfiguration, ...given }) => ({
    path: path`/v2/apis`,
    json: { ...given, protocolType: "HTTP", corsConfiguration },
  }),
  answer: ({ ApiAnswer }) => ApiAnswer,
});
