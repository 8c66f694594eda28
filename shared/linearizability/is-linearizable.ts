/** One operation of a recorded history, from the moment it was called to the moment it was answered. */
export type Operation<Input, Output> = {
  readonly calledAt: number;
  /** `undefined` for one whose outcome is unknown: it may have happened at any time after its call, or never. */
  readonly answeredAt: number | undefined;
  readonly input: Input;
  /** Not looked at when the outcome is unknown. */
  readonly output: Output | undefined;
};

/** What a single object does when operations come one after the other. */
export type Model<Input, Output> = {
  /** A state is a text, so that equal states are one. */
  readonly initial: string;
  /**
   * The state after an operation that had this output (`undefined`: any output), or `undefined` when it cannot have
   * had it in this state.
   */
  step(state: string, input: Input, output: Output | undefined): string | undefined;
  /** Whether an operation with this output leaves every state as it is. */
  isPure(input: Input, output: Output | undefined): boolean;
};

/**
 * Whether the operations could have happened one at a time, each at a moment between its call and its answer. The
 * search of Wing and Gong (https://doi.org/10.1006/jpdc.1993.1015) with the memory of Lowe
 * (https://doi.org/10.1002/cpe.3928), as in Porcupine: sets of operations that led to the same state are tried once.
 * Times must differ; a sequence number makes a good time. Split a history by key first: the search grows
 * steeply with what overlaps, and is meant for up to ten operations at a time.
 */
export function isLinearizable<Input, Output>(
  model: Model<Input, Output>,
  history: readonly Operation<Input, Output>[],
): boolean {
  const head = eventsOf(history);
  const done = new Uint32Array((history.length + 31) >>> 5);
  const tried = new Set<string>();
  const path: Step<Input, Output>[] = [];
  let { initial: state } = model;
  let event = head.next;
  // At the end of the list only operations of unknown outcome are left, which need not have happened.
  while (event !== undefined) {
    if (event.kind === "call") {
      const { input, output } = event.operation;
      const after = model.step(state, input, output);
      if (after !== undefined && isNew(tried, done, event.index, after)) {
        path.push({ call: event, state, isChoice: !model.isPure(input, output) });
        state = after;
        lift(event);
        event = head.next;
      } else event = event.next;
      continue;
    }
    // An answer whose operation has not happened yet: the last choice was wrong.
    const wrong = undo(path, done);
    if (wrong === undefined) return false;
    ({ state } = wrong);
    event = wrong.call.next;
  }
  return true;
}

type Step<I, O> = {
  readonly call: CallEvent<I, O>;
  /** The state before. */
  readonly state: string;
  /** What is pure and can happen now may as well: no other order has a chance that this one has not. */
  readonly isChoice: boolean;
};

/** Takes back everything since the last choice, and that choice. */
function undo<I, O>(path: Step<I, O>[], done: Uint32Array): Step<I, O> | undefined {
  for (;;) {
    const last = path.pop();
    if (last === undefined) return undefined;
    flip(done, last.call.index);
    unlift(last.call);
    if (last.isChoice) return last;
  }
}

type Link<I, O> = { previous: Event<I, O> | Head<I, O> | undefined; next: Event<I, O> | undefined };
type Head<I, O> = { next: Event<I, O> | undefined };
type CallEvent<I, O> = Link<I, O> & {
  readonly kind: "call";
  readonly index: number;
  readonly operation: Operation<I, O>;
  answer: AnswerEvent<I, O> | undefined;
};
type AnswerEvent<I, O> = Link<I, O> & { readonly kind: "answer" };
type Event<I, O> = CallEvent<I, O> | AnswerEvent<I, O>;

/** Calls and answers as one list in the order of their times. */
function eventsOf<I, O>(history: readonly Operation<I, O>[]): Head<I, O> {
  const timed: { readonly at: number; readonly event: Event<I, O> }[] = [];
  for (const [index, operation] of history.entries()) {
    const links = { previous: undefined, next: undefined };
    const call: CallEvent<I, O> = { ...links, kind: "call", index, operation, answer: undefined };
    timed.push({ at: operation.calledAt, event: call });
    if (operation.answeredAt === undefined) continue;
    call.answer = { ...links, kind: "answer" };
    timed.push({ at: operation.answeredAt, event: call.answer });
  }
  timed.sort((a, b) => a.at - b.at);
  const head: Head<I, O> = { next: undefined };
  let last: Event<I, O> | Head<I, O> = head;
  for (const { event } of timed) {
    last.next = event;
    event.previous = last;
    last = event;
  }
  return head;
}

/** Marks an operation as done, unless that was tried before with the same outcome. */
function isNew(tried: Set<string>, done: Uint32Array, index: number, state: string): boolean {
  flip(done, index);
  const before = tried.size;
  tried.add(`${done.join()} ${state}`);
  if (tried.size > before) return true;
  flip(done, index);
  return false;
}

function flip(done: Uint32Array, index: number): void {
  done[index >>> 5] = (done[index >>> 5] ?? 0) ^ (1 << (index & 31));
}

/** Takes an operation out of the list, which its events remember their places in. */
function lift<I, O>(call: CallEvent<I, O>): void {
  for (const event of [call, call.answer]) {
    if (event?.previous !== undefined) event.previous.next = event.next;
    if (event?.next !== undefined) event.next.previous = event.previous;
  }
}

function unlift<I, O>(call: CallEvent<I, O>): void {
  for (const event of [call.answer, call]) {
    if (event?.previous !== undefined) event.previous.next = event;
    if (event?.next !== undefined) event.next.previous = event;
  }
}
