/** A capability that the product promises, and the actions that fulfil it. */
export type DoesPromise<ActionId extends string> = {
  readonly line: string;
  readonly actions: readonly ActionId[];
};

/** An event that the product promises to start functions on: declared webhook events, how else it arrives, or both. */
export type OnPromise =
  | { readonly line: string; readonly events: readonly string[]; readonly how?: string }
  | { readonly line: string; readonly how: string };

/** A job that people hire the integration for, and what does it. */
export type WhyPromise = { readonly line: string; readonly how: string };

/** What the catalogue promises of an integration, line by line, each held by something that exists. */
export type Promises<ActionId extends string> = {
  readonly does?: readonly DoesPromise<ActionId>[];
  readonly on?: readonly OnPromise[];
  readonly why?: readonly WhyPromise[];
};

type Promised = {
  readonly actions: Readonly<Record<string, unknown>>;
  readonly events: Readonly<Record<string, unknown>>;
  readonly health: string;
};

/**
 * What is wrong with the promises, in words, or `undefined`: a line that names nothing, an action or event that does
 * not exist, and an action that no line needs (the health action may stand alone).
 */
export function brokenPromise(
  { does, on = [] }: Promises<string>,
  { actions, events, health }: Promised,
): string | undefined {
  const lines = [
    ...(does ?? []).map(({ line, actions: named }) => ({ line, named, known: actions })),
    ...on.flatMap((one) =>
      "events" in one ? { line: one.line, named: one.events, known: events } : [],
    ),
  ];
  for (const { line, named, known } of lines) {
    const unknown = named.find((name) => !Object.hasOwn(known, name));
    if (unknown !== undefined) return `promises "${line}" by "${unknown}", which it does not have`;
    if (named.length === 0) return `promises "${line}" by nothing`;
  }
  const needed = new Set([health, ...(does ?? []).flatMap(({ actions: named }) => named)]);
  const idle = Object.keys(actions).find((name) => !needed.has(name));
  if (does === undefined || idle === undefined) return undefined;
  return `has "${idle}" for no promised line`;
}
