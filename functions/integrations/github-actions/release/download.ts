import { createHash } from "node:crypto";
import { Fault } from "#shared/errors";
import { type Api, type ApiPath, issuedUrl } from "#shared/integration";
import * as z from "zod";
import { MAX_BYTES } from "./release.ts";

const Bytes = z.instanceof(Uint8Array);

/** Something that GitHub gives by a redirect to a signed URL. */
export type Download = {
  readonly path: ApiPath;
  /** One of the integration's hosts, where the URL may lead. */
  readonly host: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly sizeBytes: number;
  /** `sha256:` and hex, where GitHub knows it. */
  readonly digest: string | null | undefined;
};

/** Reads a file. Throws `too_large` before anything is read, and `internal` from `upstream` where the bytes are not those. */
export async function download(
  api: Api,
  { path, host, headers = {}, sizeBytes, digest }: Download,
): Promise<Uint8Array> {
  if (sizeBytes > MAX_BYTES) {
    throw new Fault(
      "too_large",
      `github-actions.download: more than ${MAX_BYTES} bytes; fetch it with a client of your own`,
      { origin: "caller" },
    );
  }
  const first = await api.send({
    method: "GET",
    path,
    headers,
    accept: [302],
    read: "bytes",
    response: Bytes,
  });
  const bytes =
    first.status === 302
      ? await api.request({
          method: "GET",
          host,
          path: issuedUrl(first.headers["location"] ?? ""),
          read: "bytes",
          response: Bytes,
        })
      : first.body;
  const actual = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  if (digest === null || digest === undefined || digest === actual) return bytes;
  throw new Fault("internal", "github-actions.download: the digest differs; fetch it anew", {
    origin: "upstream",
  });
}
