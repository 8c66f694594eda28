import { EventEmitter } from "node:events";
import { Fault } from "#shared/errors";
import { expect, it, vi } from "vitest";
import { openChannel, parentPort, type Port } from "./ipc.ts";

type End = Port & EventEmitter & { sent: number; connected: boolean };

/** Two ends joined as a parent and its child are: what one sends, the other gets later, as a copy. */
function pair(): readonly [End, End] {
  const make = (): End =>
    Object.assign(new EventEmitter(), {
      sent: 0,
      connected: true,
      send(this: End, message: object, callback: (error: Error | null) => void) {
        if (!this.connected) return setImmediate(callback, new Error("channel closed"));
        this.sent += 1;
        const copy: unknown = structuredClone(message);
        const other = this === left ? right : left;
        return setImmediate(() => {
          callback(null);
          other.emit("message", copy);
        });
      },
    });
  const left = make();
  const right = make();
  return [left, right];
}

it("carries calls, results and bytes both ways, many at once", async () => {
  const [left, right] = pair();
  const one = openChannel(left, { double: async (value) => Number(value) * 2 });
  const two = openChannel(right, { echo: async (value) => value });
  const bytes = new Uint8Array([0, 255]);
  const calls = [one.call("echo", { bytes }), one.call("echo", undefined), two.call("double", 21)];
  expect(await Promise.all(calls)).toEqual([{ bytes }, undefined, 42]);
});

it("sends what one turn has to say as one message", async () => {
  const [left, right] = pair();
  openChannel(right, { echo: async (value) => value });
  const channel = openChannel(left);
  const values = Array.from({ length: 50 }, (_, index) => index);
  expect(await Promise.all(values.map((value) => channel.call("echo", value)))).toEqual(values);
  expect([left.sent, right.sent]).toEqual([1, 1]);
});

it("brings a fault over as the fault it was", async () => {
  const [left, right] = pair();
  openChannel(right, {
    async fail() {
      throw new Fault("too_large", "state.write: too much", { origin: "caller" });
    },
    async crash() {
      throw new TypeError("undefined is no function");
    },
  });
  const channel = openChannel(left);
  await expect(channel.call("fail", null)).rejects.toMatchObject({
    code: "too_large",
    message: "state.write: too much",
    origin: "caller",
  });
  await expect(channel.call("crash", null)).rejects.toMatchObject({ code: "internal" });
  await expect(channel.call("toString", null)).rejects.toMatchObject({ code: "unimplemented" });
});

it("keeps channels apart that share a port", async () => {
  const [left, right] = pair();
  openChannel(right, { echo: async (value) => value });
  const channels = [openChannel(left), openChannel(left), openChannel(left)];
  const answers = channels.map((channel, index) => channel.call("echo", index));
  expect(await Promise.all(answers)).toEqual([0, 1, 2]);
});

it("ignores what is none of its own on the same port", async () => {
  const [left, right] = pair();
  openChannel(right, { echo: async (value) => value });
  const channel = openChannel(left);
  for (const noise of [null, "ready", { type: "up" }, { auterity: [{ kind: "result" }] }]) {
    left.emit("message", noise);
  }
  expect(await channel.call("echo", "still here")).toBe("still here");
});

it("rejects what is pending when the other side goes, and every later call", async () => {
  const [left, right] = pair();
  openChannel(right, { hang: () => new Promise(() => {}) });
  const channel = openChannel(left);
  const pending = channel.call("hang", null);
  left.emit("disconnect");
  await expect(pending).rejects.toMatchObject({ code: "unavailable", origin: "platform" });
  await expect(channel.call("hang", null)).rejects.toMatchObject({ code: "unavailable" });
  expect(left.listenerCount("message")).toBe(0);
});

it("rejects a call that could not be sent", async () => {
  const [left, right] = pair();
  openChannel(right, { echo: async (value) => value });
  const channel = openChannel(left);
  await expect(channel.call("echo", () => "no function crosses")).rejects.toMatchObject({
    code: "unavailable",
  });
  left.connected = false;
  await expect(channel.call("echo", 1)).rejects.toMatchObject({ code: "unavailable" });
});

it("gives a call up with its signal's reason and leaves no listener behind", async () => {
  const [left, right] = pair();
  const channel = openChannel(left);
  openChannel(right, { hang: () => new Promise(() => {}), echo: async (value) => value });
  const controller = new AbortController();
  const remove = vi.spyOn(controller.signal, "removeEventListener");
  await channel.call("echo", 1, controller.signal);
  expect(remove).toHaveBeenCalledTimes(1);
  const pending = channel.call("hang", null, controller.signal);
  controller.abort(new Fault("deadline_exceeded", "test: over"));
  await expect(pending).rejects.toMatchObject({ code: "deadline_exceeded" });
  const late = channel.call("hang", null, controller.signal);
  await expect(late).rejects.toMatchObject({ code: "deadline_exceeded" });
});

it("says so in a process without a parent", () => {
  vi.stubGlobal("process", { ...process, send: undefined });
  expect(() => parentPort()).toThrow(expect.objectContaining({ code: "failed_precondition" }));
  vi.unstubAllGlobals();
});
