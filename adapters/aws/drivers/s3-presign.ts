import type { S3Client } from "@aws-sdk/client-s3";
import type { BlobSigning, SignedUrl } from "#shared/blob";

/** What the SDK's signer can do beside what its type in the client's configuration says. */
type Presigner = {
  presign(
    request: object,
    options: { readonly expiresIn: number; readonly signingDate: Date },
  ): Promise<{ readonly query?: Readonly<Record<string, unknown>> }>;
};

/**
 * Signs a request of one object by its query, without a signature over the body, which is the sender's.
 * https://docs.aws.amazon.com/AmazonS3/latest/developerguide/sigv4-query-string-auth.html
 */
export async function presign(
  client: S3Client,
  target: { readonly Bucket: string; readonly endpoint: string | undefined },
  { at, access, nowMs, expiresInSeconds }: BlobSigning,
): Promise<SignedUrl> {
  const { config } = client;
  const place = {
    Bucket: target.Bucket,
    Region: await config.region(),
    ForcePathStyle: config.forcePathStyle,
    ...(target.endpoint === undefined ? {} : { Endpoint: target.endpoint }),
  };
  const url = new URL(`${config.endpointProvider(place).url.href.replace(/\/$/, "")}/${at.key}`);
  const method = access === "read" ? "GET" : "PUT";
  const signer: unknown = await config.signer();
  if (!isPresigner(signer)) throw new TypeError("the SDK's signer signs no URLs");
  const request = {
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query: {},
    headers: { host: url.host, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" },
  };
  const options = { expiresIn: expiresInSeconds, signingDate: new Date(nowMs) };
  const { query = {} } = await signer.presign(request, options);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  return { url: url.href, method, headers: {} };
}

function isPresigner(signer: unknown): signer is Presigner {
  return typeof signer === "object" && signer !== null && "presign" in signer;
}
