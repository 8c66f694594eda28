import { describe, expect, it } from "vitest";
import { errorOf, Time } from "./client.ts";
import { stateOf } from "./run/deployment.ts";
import { AppAnswer, appOf, isFunctionApp } from "./resources.ts";

const small = (code: string, message = "") => ({ error: { code, message } });

describe("errorOf", () => {
  const arm = { "x-ms-correlation-request-id": "1" };
  it.each([
    [404, arm, small("ResourceNotFound"), "not_found"],
    [403, arm, small("AuthorizationFailed"), "permission_denied"],
    [401, arm, small("ExpiredAuthenticationToken"), "unauthenticated"],
    [409, arm, small("MissingSubscriptionRegistration"), "failed_precondition"],
    [409, arm, small("Conflict", "Website with given name x already exists."), "already_exists"],
    [
      409,
      arm,
      {
        Code: "Conflict",
        Message: "Cannot modify this site because another operation is in progress. Details: Id",
      },
      "aborted",
    ],
    [409, arm, small("Conflict", "The slot is read-only"), "failed_precondition"],
    [400, arm, small("SubscriptionIsOverQuotaForSku"), "resource_exhausted"],
    [400, arm, small("constructor"), undefined],
    [200, arm, small("ResourceNotFound"), undefined],
    [500, arm, "text", undefined],
    [404, {}, small("ResourceNotFound"), undefined],
  ])("%i %j %j", (status, headers: Record<string, string>, body, code) => {
    expect(errorOf({ status, headers, body })?.code).toBe(code);
  });
});

describe("what the vendor says", () => {
  it("of times is UTC, with a zone or without", () => {
    expect(Time.parse("2026-11-20T09:12:44.1466667")).toBe("2026-11-20T09:12:44.146Z");
    expect(Time.parse("2026-11-20T10:12:44+01:00")).toBe("2026-11-20T09:12:44.000Z");
    expect(Time.safeParse("yesterday").success).toBe(false);
  });

  it.each([
    ["functionapp,linux", true],
    ["functionapp", true],
    ["app,linux", false],
    ["functionapp,workflowapp", false],
    [undefined, false],
  ])("of the kind %s", (kind, expected) => {
    expect(isFunctionApp({ kind })).toBe(expected);
  });

  it("of a slot is told apart from its app", () => {
    const properties = {
      state: "Running",
      resourceGroup: "g",
      defaultHostName: "a-b.azurewebsites.net",
    };
    const answer = AppAnswer.parse({ name: "a/b", location: "East US", properties });
    expect(appOf(answer)).toMatchObject({ name: "a", slot: "b", os: "windows", flex: false });
  });

  it("of deployments that are not known is no success", () => {
    expect([0, 1, 2, 3, 4, 5, -1].map(stateOf)).toEqual([
      "pending",
      "building",
      "deploying",
      "failed",
      "succeeded",
      "failed",
      "failed",
    ]);
  });
});
