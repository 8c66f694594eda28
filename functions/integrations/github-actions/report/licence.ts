/** Which licences are welcome: everything but `deny`, or nothing but `allow`. SPDX ids. */
export type LicencePolicy = {
  readonly allow?: readonly string[] | undefined;
  readonly deny?: readonly string[] | undefined;
};

/**
 * Whether an SPDX licence expression leaves a choice that a policy welcomes; `undefined` for text that is no expression.
 * `AND` binds stronger than `OR`: https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/
 */
export function isWelcome(expression: string, policy: LicencePolicy): boolean | undefined {
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? [];
  if (tokens.length > MAX_TOKENS || tokens.some((token) => !/^(?:[()]|[\w.+:-]+)$/.test(token))) {
    return undefined;
  }
  const reader = { tokens, position: 0 };
  const welcome = anyOf(reader, policy);
  return reader.position === tokens.length ? welcome : undefined;
}

/** Far more than any licence says, and few enough to be read by recursion. */
const MAX_TOKENS = 500;

type Reader = { readonly tokens: readonly string[]; position: number };

function anyOf(reader: Reader, policy: LicencePolicy): boolean | undefined {
  let welcome = allOf(reader, policy);
  while (accept(reader, "OR")) {
    const other = allOf(reader, policy);
    if (welcome === undefined || other === undefined) return undefined;
    welcome ||= other;
  }
  return welcome;
}

function allOf(reader: Reader, policy: LicencePolicy): boolean | undefined {
  let welcome = one(reader, policy);
  while (accept(reader, "AND")) {
    const other = one(reader, policy);
    if (welcome === undefined || other === undefined) return undefined;
    welcome &&= other;
  }
  return welcome;
}

function one(reader: Reader, policy: LicencePolicy): boolean | undefined {
  if (accept(reader, "(")) {
    const inner = anyOf(reader, policy);
    return accept(reader, ")") ? inner : undefined;
  }
  const id = reader.tokens[reader.position++];
  if (id === undefined || /^(?:AND|OR|WITH|\))$/i.test(id)) return undefined;
  // An exception only permits more.
  if (accept(reader, "WITH")) reader.position++;
  const has = (ids: readonly string[]): boolean =>
    ids.some((known) => known.toLowerCase() === id.toLowerCase());
  if (policy.deny !== undefined && has(policy.deny)) return false;
  return policy.allow === undefined || has(policy.allow);
}

function accept(reader: Reader, token: string): boolean {
  if (reader.tokens[reader.position]?.toUpperCase() !== token) return false;
  reader.position++;
  return true;
}
