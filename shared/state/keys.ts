import { Fault } from "#shared/errors";
import { escapeKey } from "#shared/portable";

/** DynamoDB's sort keys end at 1,024 bytes and Azure Table's at 512 characters; some of it is for our prefixes. */
const MAX_KEY_CHARACTERS = 400;

/** The physical partition: no choice of partition can reach into another tenant's. */
export function partitionKey(tenant: string, partition: string): string {
  return checked("partition", `${escapeKey(tenant)}~~${escapePart("partition", partition)}`);
}

/** The physical sort key. */
export function sortKey(sort: string): string {
  return checked("sort key", escapePart("sort key", sort));
}

// Two lone surrogates encode to the same bytes: two keys would be one.
function escapePart(part: string, text: string): string {
  if (text !== "" && text.isWellFormed()) return escapeKey(text);
  throw new Fault(
    "invalid_argument",
    `state.key: the ${part} is empty or no well-formed text; give it a value`,
  );
}

function checked(part: string, escaped: string): string {
  if (escaped.length <= MAX_KEY_CHARACTERS) return escaped;
  throw new Fault(
    "invalid_argument",
    `state.key: the ${part} has ${escaped.length} characters when escaped, at most ${MAX_KEY_CHARACTERS} fit; shorten it`,
  );
}
