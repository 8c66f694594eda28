import { expect, it } from "vitest";
import type { BlobPut } from "#shared/blob";
import { conformanceBucket } from "../../shared/blob/conformance/bench.ts";
import { blobConformance, visitByFetch } from "../../shared/blob/conformance.ts";
import { listen, withEngine } from "#shared/testing";
import { s3Blobs } from "./drivers/blob-s3.ts";
import { startS3Fake } from "./engines/s3.conformance.ts";

const prefix = "acme-";
const bucket = conformanceBucket.name;
const put: BlobPut = {
  at: { bucket, key: "t~~direct" },
  body: new TextEncoder().encode("content"),
  contentType: "text/plain",
  metadata: {},
  condition: { kind: "any" },
};

await withEngine(
  "s3",
  () => startS3Fake([`${prefix}${bucket}`]),
  (engine) => {
    const options = { ...engine.options, bucketPrefix: prefix };

    blobConformance("S3", {
      engine: "a fake of its REST protocol",
      async open(clock) {
        engine.setClock(clock);
        return s3Blobs(options);
      },
      visit: (_, signed, body) => visitByFetch(signed, body),
      unreachable: async () => s3Blobs({ ...options, endpoint: "http://127.0.0.1:1" }),
    });

    it("s3 tells who may not from whom it does not know", async () => {
      const codes = ["readonly", "nobody"].map(async (accessKeyId) => {
        const credentials = { accessKeyId, secretAccessKey: "local-secret" };
        const driver = s3Blobs({ ...options, credentials });
        const error = await driver.put(put, undefined).catch((thrown: unknown) => thrown);
        await driver.close();
        return driver.codeOf(error);
      });
      expect(await Promise.all(codes)).toEqual(["permission_denied", "unauthenticated"]);
    });
  },
);

it("s3 asks for a host of the bucket's own, where the engine does not forbid it", async () => {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const driver = s3Blobs({ region: "eu-west-1", credentials, bucketPrefix: prefix });
  const signing = { at: put.at, access: "read", nowMs: 0, expiresInSeconds: 60 } as const;
  const { url } = await driver.sign(signing, undefined);
  const { origin, pathname, searchParams } = new URL(url);
  expect(origin + pathname).toBe(
    "https://acme-conformance-blobs.s3.eu-west-1.amazonaws.com/t~~direct",
  );
  expect(searchParams.get("X-Amz-SignedHeaders")).toBe("host");
  await driver.close();
});

it.each([
  [409, "ConditionalRequestConflict", "aborted"],
  [503, "SlowDown", "resource_exhausted"],
  [500, "InternalError", "unavailable"],
  [400, "RequestTimeout", "deadline_exceeded"],
  [404, "NoSuchBucket", "not_found"],
])("s3 is asked once, and %i %s is %s", async (status, code, expected) => {
  let asked = 0;
  const server = await listen((_request, response) => {
    asked += 1;
    response.writeHead(status).end(`<Error><Code>${code}</Code></Error>`);
  });
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const endpoint = server.url;
  const driver = s3Blobs({ region: "eu-west-1", endpoint, credentials, forcePathStyle: true });
  const error = await driver.put(put, undefined).catch((thrown: unknown) => thrown);
  expect(driver.codeOf(error)).toBe(expected);
  expect(asked).toBe(1);
  await driver.close();
  await server.close();
});
