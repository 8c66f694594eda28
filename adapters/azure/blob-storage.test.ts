import { BlobServiceClient } from "@azure/storage-blob";
import { expect, it } from "vitest";
import { FakeClock, listen, withEngine } from "#shared/testing";
import { conformanceBucket } from "../../shared/blob/conformance/bench.ts";
import { blobConformance, visitByFetch } from "../../shared/blob/conformance.ts";
import { azureBlobs } from "./drivers/blob-storage.ts";
import { startAzurite } from "./engines/azurite.conformance.ts";

const bucket = conformanceBucket.name;

await withEngine("azurite", startAzurite, (azurite) => {
  const service = BlobServiceClient.fromConnectionString(azurite.connectionString);

  blobConformance("Azure Blob Storage", {
    engine: "Azurite",
    async open(clock) {
      await service.getContainerClient(bucket).createIfNotExists();
      return Object.assign(azureBlobs(azurite), { clock });
    },
    async visit({ clock }, signed, body) {
      await azurite.moveClock(clock.now() - Date.now());
      return visitByFetch(signed, body);
    },
    async unreachable() {
      const nowhere = "BlobEndpoint=http://127.0.0.1:1/a";
      const connectionString = `DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;${nowhere}`;
      return Object.assign(azureBlobs({ connectionString }), { clock: new FakeClock() });
    },
  });

  it("azure blobs tells who may not, and what is no key of the account", async () => {
    const wrongKey = azurite.connectionString.replace(/AccountKey=[^;]+/, "AccountKey=d3Jvbmc=");
    const driver = azureBlobs({ connectionString: wrongKey });
    const at = { bucket, key: "t~~a" };
    const error = await driver.head(at, undefined).catch((thrown: unknown) => thrown);
    expect(driver.codeOf(error)).toBe("permission_denied");
  });
});

it("azure blobs goes on where the service ends a page early, even an empty one", async () => {
  const pages = [["a", "b"], [], ["c", "d"]];
  const asked: string[] = [];
  const server = await listen((request, response) => {
    const names = pages[asked.length] ?? [];
    asked.push(new URL(request.url ?? "", "http://fake").searchParams.get("marker") ?? "first");
    const blobs = names.map(
      (name) =>
        `<Blob><Name>${name}</Name><Properties><Etag>0x1</Etag><Content-Length>1</Content-Length></Properties></Blob>`,
    );
    const marker = asked.length < pages.length ? `marker-${asked.length}` : "";
    response.writeHead(200, { "content-type": "application/xml" });
    response.end(
      `<EnumerationResults ContainerName="c"><Blobs>${blobs.join("")}</Blobs><NextMarker>${marker}</NextMarker></EnumerationResults>`,
    );
  });
  const connectionString = `DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;BlobEndpoint=${server.url}/a`;
  const driver = azureBlobs({ connectionString });
  const listing = { bucket, prefix: "", after: undefined, limit: 3 };
  const items = await driver.list(listing, undefined);
  expect(items.map(({ key }) => key)).toEqual(["a", "b", "c"]);
  expect(items[0]?.etag).toBe('"0x1"');
  expect(asked).toEqual(["first", "marker-1", "marker-2"]);
  await server.close();
});
