import { callAction } from "../testing/call-action.ts";
import { place } from "../testing/call-action.ts";
import { MAX_BYTES } from "./release.ts";
import { describe, expect, it } from "vitest";

const digest = "sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";
const artifact = { name: "build", expired: false, size_in_bytes: 6, digest };
const to = (location: string) => ({ status: 302, headers: { location } });
const storage = "https://productionresultssa1.blob.core.windows.net/actions-results/1/a.zip?sig=x";
const download = (about: object, ...answers: object[]) =>
  callAction("download-artifact", { ...place, artifactId: 1 }, [
    { json: { ...artifact, ...about } },
    ...answers,
  ]);

describe("a download", () => {
  it("gives the storage no credential", async () => {
    const { status, credentials } = await download({}, to(storage), { text: "hello\n" });
    expect(status).toBe(200);
    expect(credentials).toEqual(["Bearer t", "Bearer t", undefined]);
  });

  it.each([
    "https://evil.example/a.zip",
    "https://blob.core.windows.net.evil.example/a.zip",
    "http://productionresultssa1.blob.core.windows.net/a.zip",
    "http://169.254.169.254/latest/meta-data",
    "",
  ])("does not follow a redirect to %s", async (location) => {
    const { body, asked } = await download({}, to(location));
    expect(body).toMatchObject({ code: "permission_denied", origin: "upstream" });
    expect(asked).toHaveLength(2);
  });

  it("is refused for other bytes than were stored", async () => {
    const { body } = await download({}, to(storage), { text: "hellO\n" });
    expect(body).toMatchObject({ code: "internal", origin: "upstream" });
  });

  it("is taken as it is where no digest is known", async () => {
    const { body } = await download({ digest: null }, to(storage), { text: "hi" });
    expect(body).toMatchObject({ sizeBytes: 2, zipBase64: "aGk=" });
  });

  it.each([
    ["expired", { expired: true }, "failed_precondition"],
    ["is too large", { size_in_bytes: MAX_BYTES + 1 }, "too_large"],
  ])("is not begun where the artifact %s", async (_, about, code) => {
    const { body, asked } = await download(about);
    expect(body).toMatchObject({ code, origin: "caller" });
    expect(asked).toHaveLength(1);
  });

  it("of an asset may be answered without a redirect", async () => {
    const { body } = await callAction("download-release-asset", { ...place, assetId: 7 }, [
      { json: { name: "a", content_type: "text/plain", size: 6, digest } },
      { text: "hello\n" },
    ]);
    expect(body).toMatchObject({ contentBase64: "aGVsbG8K" });
  });
});

describe("a release", () => {
  it("that is there already is said to be", async () => {
    const { body } = await callAction("create-release", { ...place, tag: "v1" }, [
      {
        status: 422,
        json: {
          message: "Validation Failed",
          errors: [{ resource: "Release", code: "already_exists", field: "tag_name" }],
        },
      },
    ]);
    expect(body).toMatchObject({ code: "already_exists", origin: "upstream" });
  });

  it("is the latest one where no tag is named", async () => {
    const { asked } = await callAction("get-release", place, [{ status: 404 }]);
    expect(asked).toEqual([["GET /repos/octo-org/shop/releases/latest"]]);
  });
});
