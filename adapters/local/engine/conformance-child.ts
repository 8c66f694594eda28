import * as z from "zod";
import { conformanceSubscriptions } from "../../../shared/topic/conformance.ts";
import { openChannel, parentPort } from "../ipc.ts";
import { answerSigned } from "../gateway/blobs.ts";
import { openEngine } from "./engine.ts";
import { engineHandlers } from "./serve.ts";

/**
 * A process that owns an engine and serves it to its parent. The channel is the same in both directions, so the
 * suites reach the engine through a real process boundary. The parent sets the time and says where blobs may lie.
 */
let nowMs = 0;
const [, , blobFolder] = process.argv;
const engine = openEngine({
  path: ":memory:",
  clock: { now: () => nowMs },
  ...(blobFolder === undefined ? {} : { blobFolder }),
});

const Visit = z.object({
  method: z.string(),
  url: z.string(),
  nowMs: z.number(),
  contentType: z.string(),
  body: z.instanceof(Uint8Array),
});

openChannel(parentPort(), {
  ...engineHandlers(engine, "aws", conformanceSubscriptions),
  "test.now": async (params) => void (nowMs = z.number().parse(params)),
  "test.visit": (params) => answerSigned(engine, Visit.parse(params)),
  "test.receive": async (params) => {
    const leased = await engine.lease(z.string().parse(params), 1_000, 60);
    await Promise.all(leased.map(({ handle }) => engine.settle(handle, "done")));
    return leased.map(({ body }) => body);
  },
});
