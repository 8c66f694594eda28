import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import * as z from "zod";
import { queueConformance } from "../../shared/queue/conformance.ts";
import { stateConformance } from "../../shared/state/conformance.ts";
import { localQueue } from "./drivers/queue.ts";
import { localState } from "./drivers/state.ts";
import { type Engine, openEngine } from "./engine/engine.ts";
import { type Channel, openChannel } from "./ipc.ts";
import { systemClock } from "./system.ts";

const folder = mkdtempSync(join(tmpdir(), "auterity-"));
let opened = 0;

function openFresh(clock: Parameters<typeof openEngine>[0]["clock"]): Engine {
  opened += 1;
  return openEngine({ path: join(folder, `${opened}.db`), clock });
}

let child: ChildProcess;
let channel: Channel;

beforeAll(() => {
  child = fork(new URL("engine/conformance-child.ts", import.meta.url), {
    execArgv: [],
    serialization: "advanced",
  });
  channel = openChannel(child);
});

afterAll(() => {
  child.kill();
  rmSync(folder, { recursive: true });
});

stateConformance("embedded engine", {
  async open() {
    const engine = openFresh(systemClock);
    return Object.assign(engine.state, { close: () => engine.close() });
  },
  except: { S16: "there is nothing to be reached" },
});

stateConformance("embedded engine over a process boundary", {
  open: async () => localState(channel),
  except: { S16: "the channel is there before the process is" },
});

queueConformance("embedded engine", {
  async open(clock) {
    const engine = openFresh(clock);
    return { ...engine.queue("aws"), engine, close: () => engine.close() };
  },
  async receive({ engine }, queue) {
    const leased = await engine.lease(queue, 1_000, 60);
    await Promise.all(leased.map(({ handle }) => engine.settle(handle, "done")));
    return leased.map(({ body }) => body);
  },
});

queueConformance("embedded engine over a process boundary", {
  async open(clock) {
    const driver = localQueue(channel);
    const tell = (): Promise<unknown> => channel.call("test.now", clock.now());
    return {
      ...driver,
      tell,
      send: async (...send) => {
        await tell();
        return driver.send(...send);
      },
    };
  },
  async receive({ tell }, queue) {
    await tell();
    return z.array(z.string()).parse(await channel.call("test.receive", queue));
  },
});
