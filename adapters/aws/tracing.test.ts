import { Tracer } from "@aws-lambda-powertools/tracer";
import { defineFunction, httpTrigger } from "#shared/function";
import { expect, it, vi } from "vitest";
import * as z from "zod";
import { conformancePorts } from "../../shared/host/ports.conformance.ts";
import { awsHttpCodec } from "./codecs/http.ts";
import { awsTelemetry } from "./drivers/telemetry.ts";
import { awsEntry, awsHttp } from "./entry.ts";
import { lambdaContext } from "./lambda-context.conformance.ts";

// What Lambda sets before any code is loaded; the X-Ray SDK reads it as it loads.
vi.hoisted(() => {
  process.env["AWS_XRAY_DAEMON_ADDRESS"] = "127.0.0.1:2000";
  process.env["AWS_EXECUTION_ENV"] = "AWS_Lambda_nodejs24.x";
  process.env["LAMBDA_TASK_ROOT"] = "/var/task";
  process.env["_X_AMZN_TRACE_ID"] =
    "Root=1-67000000-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=0";
});

it("runs the handler in a segment of Lambda's trace where X-Ray is on", async () => {
  const segments: (string | undefined)[] = [];
  const definition = defineFunction({
    name: "traced",
    summary: "A function under test",
    trigger: httpTrigger("GET", "/traced", { auth: "public" }),
    input: z.unknown(),
    uses: {},
    handler: async () => {
      segments.push(new Tracer().getSegment()?.name);
      return { ok: true };
    },
  });
  const telemetry = awsTelemetry();
  const handler = await awsEntry(
    definition,
    { ...conformancePorts(), telemetry },
    telemetry,
    awsHttp,
  );
  const input = { method: "GET", path: "/traced", query: "", headers: {}, body: "" };
  const event = awsHttpCodec.emulate({ ...input, clientIp: undefined });
  const answer = await handler(event, lambdaContext("request-traced"));
  expect(answer).toMatchObject({ statusCode: 200, body: '{"ok":true}' });
  expect(segments).toEqual([expect.stringContaining("##")]);
});
