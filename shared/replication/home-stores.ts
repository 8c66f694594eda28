import type { StateDriver, StateKey } from "#shared/state";

/**
 * A cloud's own store with some stores elsewhere: in the one home that all clouds share, for what must happen once
 * among all of them (`schedule-slots`, `idempotency`). A row has one home at a time, which needs no agreement.
 */
export function withHomeStores(
  own: StateDriver,
  home: StateDriver,
  stores: readonly { readonly name: string }[],
): StateDriver {
  const names = new Set(stores.map(({ name }) => name));
  const of = ({ store }: Pick<StateKey, "store">): StateDriver => (names.has(store) ? home : own);
  return {
    name: own.name,
    read: (key, signal) => of(key).read(key, signal),
    write: (write, signal) => of(write.key).write(write, signal),
    transact: (writes, signal) => of(writes[0]?.key ?? { store: "" }).transact(writes, signal),
    list: (range, signal) => of(range).list(range, signal),
    codeOf: (error) => own.codeOf(error) ?? home.codeOf(error),
    async close() {
      await Promise.all([own.close(), home.close()]);
    },
  };
}
