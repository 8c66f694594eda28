/** The bytes of a `Range: bytes=first-last` header, for fakes of stores on the wire; `undefined` for what is outside. */
export function httpRange(
  header: string,
  sizeBytes: number,
): { readonly start: number; readonly end: number; readonly contentRange: string } | undefined {
  const [, first = "", last = ""] = /^bytes=(\d+)-(\d*)$/.exec(header) ?? [];
  const start = Number(first);
  if (first === "" || start >= sizeBytes) return undefined;
  const end = last === "" ? sizeBytes : Math.min(Number(last) + 1, sizeBytes);
  return { start, end, contentRange: `bytes ${start}-${end - 1}/${sizeBytes}` };
}
