import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { BlobPut } from "#shared/blob";
import { listen, withEngine } from "#shared/testing";
import { conformanceBucket } from "../../shared/blob/conformance/bench.ts";
import { blobConformance, visitByFetch } from "../../shared/blob/conformance.ts";
import { cloudStorageBlobs } from "./drivers/blob-cloud-storage.ts";
import { startCloudStorageFake } from "./engines/cloud-storage.conformance.ts";

const bucketPrefix = "acme-";
const bucket = conformanceBucket.name;
const put: BlobPut = {
  at: { bucket, key: "t~~direct" },
  body: new TextEncoder().encode("content"),
  contentType: "text/plain",
  metadata: {},
  condition: { kind: "any" },
};

// The client signs nothing that ends before the machine's own time.
beforeAll(() => void vi.useFakeTimers({ toFake: ["Date"] }));
afterAll(() => void vi.useRealTimers());

await withEngine(
  "cloud storage",
  () => startCloudStorageFake([`${bucketPrefix}${bucket}`]),
  (engine) => {
    blobConformance("Cloud Storage", {
      engine: "a fake of its JSON API",
      async open(clock) {
        engine.setClock(clock);
        vi.setSystemTime(clock.now());
        return cloudStorageBlobs({ ...engine.options, bucketPrefix });
      },
      visit: (_, signed, body) => visitByFetch(signed, body),
      unreachable: async () =>
        cloudStorageBlobs({ client: { projectId: "p", apiEndpoint: "http://127.0.0.1:1" } }),
    });
  },
);

it.each([
  [401, "unauthenticated"],
  [403, "permission_denied"],
  [404, "not_found"],
  [429, "resource_exhausted"],
  [503, "unavailable"],
])("cloud storage is asked once, and %i is %s", async (status, code) => {
  let asked = 0;
  const server = await listen((request, response) => {
    asked += 1;
    request.resume();
    response.writeHead(status).end();
  });
  const driver = cloudStorageBlobs({ client: { apiEndpoint: server.url, projectId: "p" } });
  const listing = { bucket, prefix: "", after: undefined, limit: 1 };
  const calls = [() => driver.put(put, undefined), () => driver.list(listing, undefined)];
  for (const call of calls) {
    const error = await call().catch((thrown: unknown) => thrown);
    expect(driver.codeOf(error)).toBe(code);
  }
  expect(asked).toBe(2);
  await driver.close();
  await server.close();
});
