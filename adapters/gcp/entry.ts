import { http, type Request, type Response } from "@google-cloud/functions-framework";
import type { FunctionDefinition, HttpOutput, Ports } from "#shared/function";
import {
  answerFailure,
  bindHttp,
  bindMessages,
  bindTicks,
  type FunctionPrices,
  type InvocationMeta,
} from "#shared/host";
import { gcpHttpCodec } from "./codecs/http.ts";
import { gcpQueueCodec } from "./codecs/queue.ts";
import { gcpScheduleCodec } from "./codecs/schedule.ts";
import { limits } from "./limits.ts";
import { tariff } from "./tariff.ts";
import { sendAnswer } from "./send-answer.ts";

const prices: FunctionPrices = { ...tariff, loadOperations: () => import("./operations.ts") };

/** How requests of one kind of trigger are answered. An entry names its own, so that a bundle holds no other. */
export type GcpAnswerer = (definition: FunctionDefinition, ports: Ports) => Answer;

type Answer = (request: Request, meta: InvocationMeta) => Promise<HttpOutput>;

/** Ids the framework makes itself; the header they may come from is open to any caller. */
const EXECUTION_ID = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Registers a definition under its name, whatever its trigger, with the `http` signature: we own the status
 * codes, and the framework takes a two-parameter CloudEvent function for one with a callback and waits forever.
 * Nothing may escape: the framework answers the latest request, whosever it is, with an uncaught error and exits.
 * https://github.com/GoogleCloudPlatform/functions-framework-nodejs/blob/main/src/invoker.ts
 */
export function gcpEntry(
  definition: FunctionDefinition,
  ports: Ports,
  answerer: GcpAnswerer,
): void {
  const answer = answerer(definition, ports);
  const isHttp = definition.trigger.kind === "http";
  const limitSeconds = isHttp ? limits.maxHttpSeconds : limits.maxEventSeconds;
  // Chained by hand: the framework's domains make Node track every promise, and each costs two microseconds.
  http(definition.name, (request: Request, response: Response) => {
    const meta = invocationMeta(request, limitSeconds, ports);
    const fail = (thrown: unknown): void => {
      const failed = { id: meta.id, function: definition.name, runtime: "gcp" };
      sendAnswer(response, gcpHttpCodec.encode(answerFailure(thrown, failed, ports)));
    };
    const send = (output: HttpOutput): void => {
      try {
        sendAnswer(response, gcpHttpCodec.encode(output));
      } catch (thrown) {
        fail(thrown);
      }
    };
    try {
      return answer(request, meta).then(send, fail);
    } catch (thrown) {
      return fail(thrown);
    }
  });
}

/** For functions whose trigger is HTTP. */
export const gcpHttp: GcpAnswerer = (definition, ports) => {
  const serve = bindHttp(definition, ports, "gcp", prices);
  return (request, meta) => serve(gcpHttpCodec.decode(request), meta);
};

/** For functions that take messages, pushed by Pub/Sub. */
export const gcpMessages: GcpAnswerer = (definition, ports) => {
  const serve = bindMessages(definition, ports, "gcp", prices);
  return async (request, meta) =>
    gcpQueueCodec.encode(await serve(gcpQueueCodec.decode(request), meta));
};

/** For scheduled functions. */
export const gcpTicks: GcpAnswerer = (definition, ports) => {
  const serve = bindTicks(definition, ports, "gcp", prices);
  return async ({ headers }, meta) => {
    await serve(gcpScheduleCodec.decode({ headers, nowMs: ports.clock.now() }), meta);
    return { status: 204, headers: {}, cookies: [], body: new Uint8Array() };
  };
};

/** For any of them; the kind is seen when the function starts. */
export const gcpAny: GcpAnswerer = (definition, ports) => {
  const { kind } = definition.trigger;
  if (kind === "http") return gcpHttp(definition, ports);
  return (kind === "schedule" ? gcpTicks : gcpMessages)(definition, ports);
};

/** The framework does not say how long a request may still run, so its limit is counted down from here. */
function invocationMeta(
  { executionId }: Request,
  limitSeconds: number,
  { clock, random }: Ports,
): InvocationMeta {
  const endMs = clock.now() + limitSeconds * 1000;
  const known = executionId !== undefined && EXECUTION_ID.test(executionId);
  return { id: known ? executionId : random.uuid(), remainingMs: () => endMs - clock.now() };
}
