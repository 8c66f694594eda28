import { name } from "./place.ts";
import { oneIn } from "./paths.ts";
import { callAction } from "../testing/call-action.ts";
import { allIn } from "./paths.ts";
import { place } from "../testing/call-action.ts";
import { describe, expect, it } from "vitest";

const owner = "octo-org";
const repo = { owner, repo: "shop" };
const environment = { ...repo, environment: "a/b" };

describe("where a setting is kept", () => {
  it.each([
    [{ owner }, "/orgs/octo-org/actions/secrets"],
    [repo, "/repos/octo-org/shop/actions/secrets"],
    [environment, "/repos/octo-org/shop/environments/a%2Fb/secrets"],
  ])("%j", (where, expected) => {
    expect(allIn(where, "secrets").encoded).toBe(expected);
    expect(oneIn(where, "secrets", "KEY").encoded).toBe(`${expected}/KEY`);
  });

  it.each([
    ["KEY_1", true],
    ["_x", true],
    ["1KEY", false],
    ["GITHUB_TOKEN", false],
    ["github_x", false],
    ["public-key", false],
    ["a/b", false],
    ["", false],
  ])("takes the name %s: %s", (text, expected) => {
    expect(name.safeParse(text).success).toBe(expected);
  });

  it.each(["list-secrets", "list-variables"])("names its repository: %s", async (action) => {
    const { status, asked } = await callAction(action, { owner, environment: "x" }, []);
    expect([status, asked]).toEqual([400, []]);
  });
});

const key = { json: { key_id: "1", key: "j0DFrbaPJWJK5bIU6nZ6bslNgp09e14a0bpvPiE4KF8=" } };
const value = "correct horse battery staple";

/** What is sent for a secret, which is not the secret. */
async function sent(where: object): Promise<unknown> {
  const { asked } = await callAction("put-secret", { ...where, name: "KEY", value }, [
    key,
    { status: 204 },
  ]);
  expect(JSON.stringify(asked)).not.toContain("horse");
  return asked[1];
}

describe("a secret", () => {
  it("leaves sealed, and says who may use it only where that is a question", async () => {
    const sealed = { encrypted_value: expect.stringMatching(/^[\w+/]{100}/), key_id: "1" };
    expect(await sent(repo)).toEqual(["PUT /repos/octo-org/shop/actions/secrets/KEY", sealed]);
    const selected = { owner, visibility: "selected", repositoryIds: [7] };
    expect(await sent(selected)).toEqual([
      "PUT /orgs/octo-org/actions/secrets/KEY",
      { ...sealed, visibility: "selected", selected_repository_ids: [7] },
    ]);
    expect(await sent({ owner })).toEqual([
      "PUT /orgs/octo-org/actions/secrets/KEY",
      { ...sealed, visibility: "private" },
    ]);
  });

  it("is never sent where GitHub gives no key", async () => {
    const wrong = { json: { key_id: "1", key: "AAAA" } };
    const { body, asked } = await callAction("put-secret", { ...repo, name: "K", value }, [wrong]);
    expect([body, asked.length]).toMatchObject([{ code: "internal", origin: "upstream" }, 1]);
    expect(JSON.stringify(body)).not.toContain("horse");
  });
});

describe("a variable", () => {
  it("that is there is changed by one request", async () => {
    const given = { ...repo, name: "REGION", value: "eu" };
    const { body, asked } = await callAction("put-variable", given, [{ status: 204 }]);
    expect(body).toEqual({ name: "REGION", created: false });
    expect(asked).toEqual([
      ["PATCH /repos/octo-org/shop/actions/variables/REGION", { name: "REGION", value: "eu" }],
    ]);
  });

  it("that is gone is not deleted again", async () => {
    const given = { ...place, name: "REGION" };
    const { body } = await callAction("delete-variable", given, [{ status: 404 }]);
    expect(body).toEqual({ deleted: false });
  });
});
