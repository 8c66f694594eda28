import { Fault } from "#shared/errors";

/** A path below an integration's base URL; only {@link path} makes one, so that no parameter can leave its segment. */
export type ApiPath = { readonly encoded: string };

/**
 * Builds a path from fixed text and encoded parameters: path`/repos/${owner}/${repo}`. A slash, question mark or hash
 * in a parameter stays within its segment; a parameter that is a path itself stands as it is. Throws `invalid_argument` from `caller` for an empty parameter and for `.`
 * and `..`, which URL parsers resolve even when they are percent-encoded
 * (https://url.spec.whatwg.org/#double-dot-path-segment).
 */
export function path(
  strings: TemplateStringsArray,
  ...parameters: readonly (string | number | ApiPath)[]
): ApiPath {
  const encoded = parameters.map((parameter, index) => {
    const text = typeof parameter === "object" ? parameter.encoded : segment(String(parameter));
    return (strings[index] ?? "") + text;
  });
  return { encoded: encoded.join("") + (strings.at(-1) ?? "") };
}

/** One segment of a path, encoded. Throws as {@link path} does. */
export function segment(parameter: string): string {
  if (/^\.{0,2}$/.test(parameter) || !parameter.isWellFormed()) {
    throw new Fault(
      "invalid_argument",
      'integration.path: a path parameter is empty, "." or ".." or broken text; correct it',
      { origin: "caller" },
    );
  }
  return encodeURIComponent(parameter);
}
