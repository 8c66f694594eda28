import { randomUUID } from "node:crypto";
import { type Code, codes, Fault, toFault } from "#shared/errors";
import * as z from "zod";

/** One side of Node's IPC between a parent and a forked child: a ChildProcess, or {@link parentPort}. */
export type Port = {
  send(message: object, callback: (error: Error | null) => void): unknown;
  on(event: "message", listener: (message: unknown) => void): unknown;
  on(event: "disconnect", listener: () => void): unknown;
  off(event: "message", listener: (message: unknown) => void): unknown;
  off(event: "disconnect", listener: () => void): unknown;
};

/** Answers the other side's calls, by method. What they are given comes from another process: unchecked. */
export type Handlers = Readonly<Record<string, (params: unknown) => Promise<unknown>>>;

export type Channel = {
  /**
   * Calls a method of the other side. Rejects with the Fault its handler threw, with `unavailable` when the other side
   * is gone, and with the signal's reason when that aborts; the other side may still do the work then.
   */
  call(method: string, params: unknown, signal?: AbortSignal): Promise<unknown>;
  /** Rejects what is pending and listens no more. */
  close(): void;
};

const isCode = (text: string): text is Code => Object.hasOwn(codes, text);
const to = z.string();
const id = z.int();

const Frame = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("call"), to, id, method: z.string(), params: z.unknown() }),
  z.object({ kind: z.literal("result"), to, id, value: z.unknown() }),
  z.object({
    kind: z.literal("fault"),
    to,
    id,
    code: z.string().refine(isCode),
    message: z.string(),
    origin: z.enum(["caller", "upstream", "platform", "self"]),
  }),
]);
type Frame = z.infer<typeof Frame>;
const Batch = z.object({ auterity: z.array(Frame) });

type Pending = {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Opens a channel over a port. Several channels may share one port (each bundle in a host process has its own): frames
 * carry the name of the channel that asked, and only a channel with handlers answers calls. Frames of one turn of the
 * event loop travel together, because a message costs more than its content.
 */
export function openChannel(port: Port, handlers: Handlers = {}): Channel {
  const name = randomUUID();
  const answers = Object.keys(handlers).length > 0;
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let gone: Fault | undefined;

  const send = batched(port, (frame, error) => {
    if (frame.kind === "call") take(frame.id)?.reject(unreachable(error));
  });
  const take = (callId: number): Pending | undefined => {
    const found = pending.get(callId);
    pending.delete(callId);
    return found;
  };
  const onMessage = (message: unknown): void => {
    const batch = Batch.safeParse(message);
    for (const frame of batch.data?.auterity ?? []) {
      if (frame.kind === "call") {
        if (answers) void answer(handlers, frame).then(send);
      } else if (frame.to === name) {
        settle(take(frame.id), frame);
      }
    }
  };
  const close = (cause?: unknown): void => {
    gone ??= unreachable(cause);
    port.off("message", onMessage);
    port.off("disconnect", onDisconnect);
    for (const { reject } of pending.values()) reject(gone);
    pending.clear();
  };
  const onDisconnect = (): void => close();
  port.on("message", onMessage);
  port.on("disconnect", onDisconnect);

  return {
    call(method, params, signal) {
      if (gone !== undefined) return Promise.reject(gone);
      if (signal?.aborted === true) return Promise.reject(toFault(signal.reason, "cancelled"));
      lastId += 1;
      const callId = lastId;
      const called = new Promise<unknown>((resolve, reject) => {
        pending.set(callId, { resolve, reject });
      });
      send({ kind: "call", to: name, id: callId, method, params });
      if (signal === undefined) return called;
      const onAbort = (): void => take(callId)?.reject(toFault(signal.reason, "cancelled"));
      signal.addEventListener("abort", onAbort, { once: true });
      return called.finally(() => signal.removeEventListener("abort", onAbort));
    },
    close: () => close(),
  };
}

/** This process's side of the channel to its parent. Throws `failed_precondition` in a process nobody forked. */
export function parentPort(): Port {
  if (process.send === undefined) {
    throw new Fault(
      "failed_precondition",
      "ipc.open: this process has no parent to talk to; start it through the local runtime",
    );
  }
  // One listener per bundle is no leak.
  process.setMaxListeners(process.getMaxListeners() + 1);
  return {
    send: (message, callback) => process.send?.(message, callback),
    on: (event: "message" | "disconnect", listener: (message: unknown) => void) =>
      process.on(event, listener),
    off: (event: "message" | "disconnect", listener: (message: unknown) => void) =>
      process.off(event, listener),
  };
}

/** Sends frames together once everything that is ready now has run. */
function batched(
  port: Port,
  onLost: (frame: Frame, error: unknown) => void,
): (frame: Frame) => void {
  let waiting: Frame[] = [];
  const flush = (): void => {
    const frames = waiting;
    waiting = [];
    const lost = (error: unknown): void => {
      for (const frame of frames) onLost(frame, error);
    };
    try {
      port.send({ auterity: frames }, (error) => {
        if (error !== null) lost(error);
      });
    } catch (thrown) {
      lost(thrown);
    }
  };
  return (frame) => {
    // Ticks run after the promise jobs of now, so their frames are in the batch.
    if (waiting.length === 0) process.nextTick(flush);
    waiting.push(frame);
  };
}

async function answer(handlers: Handlers, call: Extract<Frame, { kind: "call" }>): Promise<Frame> {
  const reply = { to: call.to, id: call.id };
  try {
    const handler = Object.hasOwn(handlers, call.method) ? handlers[call.method] : undefined;
    if (handler === undefined) throw new Fault("unimplemented", `ipc.answer: no "${call.method}"`);
    return { ...reply, kind: "result", value: await handler(call.params) };
  } catch (thrown) {
    const { code, message, origin } = toFault(thrown);
    return { ...reply, kind: "fault", code, message, origin };
  }
}

function settle(pending: Pending | undefined, frame: Exclude<Frame, { kind: "call" }>): void {
  if (frame.kind === "result") pending?.resolve(frame.value);
  else pending?.reject(new Fault(frame.code, frame.message, { origin: frame.origin }));
}

function unreachable(cause: unknown): Fault {
  return new Fault("unavailable", "ipc.call: the other process is gone; try again", {
    origin: "platform",
    cause,
  });
}
