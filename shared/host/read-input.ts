import { Fault } from "#shared/errors";
import { bodyText, type HttpInput } from "#shared/function";

/**
 * One object out of path parameters, query and JSON body; on the same name the path wins, then the body.
 * A query name that occurs more than once becomes an array. A body that is no object stands alone, so that a
 * function may take a list. Throws `invalid_argument` from `caller` for a body that is not JSON.
 */
export function readInput(input: HttpInput, params: Readonly<Record<string, string>>): unknown {
  const body = readJson(input);
  if (body !== undefined && (typeof body !== "object" || body === null || Array.isArray(body))) {
    return body;
  }
  if (input.query === "") return { ...body, ...params };
  return { ...readQuery(input.query), ...body, ...params };
}

function readJson(input: HttpInput): unknown {
  if (input.body.length === 0) return undefined;
  try {
    return JSON.parse(bodyText(input)) as unknown;
  } catch {
    throw new Fault("invalid_argument", "http.body: is not JSON; send a JSON document", {
      origin: "caller",
    });
  }
}

function readQuery(query: string): Record<string, string | string[]> {
  const values = new Map<string, string | string[]>();
  for (const [name, value] of new URLSearchParams(query)) {
    const earlier = values.get(name);
    values.set(name, earlier === undefined ? value : [earlier, value].flat());
  }
  return Object.fromEntries(values);
}
