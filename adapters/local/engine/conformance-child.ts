import * as z from "zod";
import { conformanceSubscriptions } from "../../../shared/topic/conformance.ts";
import { openChannel, parentPort } from "../ipc.ts";
import { openEngine } from "./engine.ts";
import { engineHandlers } from "./serve.ts";

/**
 * A process that owns an engine and serves it to its parent. The channel is the same in both directions, so the
 * suites reach the engine through a real process boundary. The parent sets the time.
 */
let nowMs = 0;
const engine = openEngine({ path: ":memory:", clock: { now: () => nowMs } });

openChannel(parentPort(), {
  ...engineHandlers(engine, "aws", conformanceSubscriptions),
  "test.now": async (params) => void (nowMs = z.number().parse(params)),
  "test.receive": async (params) => {
    const leased = await engine.lease(z.string().parse(params), 1_000, 60);
    await Promise.all(leased.map(({ handle }) => engine.settle(handle, "done")));
    return leased.map(({ body }) => body);
  },
});
