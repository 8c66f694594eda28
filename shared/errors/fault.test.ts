import { describe, expect, it } from "vitest";
import { codes } from "./codes.ts";
import { Fault, httpStatus, safeReason, toFault } from "./fault.ts";
import { problemHeaders, toProblem } from "./problem.ts";

describe("a fault", () => {
  it("passes through untouched, and anything else becomes one once", () => {
    const fault = new Fault("not_found", "area.read: no such row; check the key");
    expect(toFault(fault, "internal")).toBe(fault);
    const cause = new TypeError("boom");
    expect(toFault(cause, "unavailable", { origin: "platform" })).toMatchObject({
      code: "unavailable",
      origin: "platform",
      message: "boom",
      cause,
    });
    for (const thrown of [null, undefined, "text", 7]) expect(Fault.is(toFault(thrown))).toBe(true);
  });

  it("is known across bundles, which each carry a class of their own", () => {
    const fromAnotherBundle = { [Symbol.for("auterity.fault")]: true };
    expect(Fault.is(fromAnotherBundle)).toBe(true);
    expect(Fault.is(new Error("no"))).toBe(false);
    expect(Fault.is(null)).toBe(false);
  });

  it("never passes a third party's status on as ours", () => {
    expect(httpStatus(new Fault("unauthenticated", "x", { origin: "caller" }))).toBe(401);
    expect(httpStatus(new Fault("unauthenticated", "x", { origin: "upstream" }))).toBe(502);
    expect(httpStatus(new Fault("resource_exhausted", "x", { origin: "upstream" }))).toBe(503);
    expect(httpStatus(new Fault("unavailable", "x", { origin: "platform" }))).toBe(503);
  });

  it("logs the message of its own errors and only the name of others, which may quote a payload", () => {
    expect(safeReason(new Fault("aborted", "a.b: c; d"))).toBe("aborted: a.b: c; d");
    expect(safeReason(new SyntaxError("Unexpected token s in secret"))).toBe(
      "unexpected SyntaxError",
    );
    expect(safeReason("secret")).toBe("unexpected string");
  });
});

describe("a problem", () => {
  it("names the code, the origin and what is safe to know", () => {
    const fault = new Fault("invalid_argument", "a.b: c; d", {
      origin: "caller",
      details: { field: "name" },
    });
    expect(toProblem(fault, "run-1")).toEqual({
      type: "/docs/errors#invalid_argument",
      title: codes.invalid_argument.meaning,
      status: 400,
      detail: "a.b: c; d",
      instance: "run-1",
      code: "invalid_argument",
      origin: "caller",
      details: { field: "name" },
    });
  });

  it("keeps a defect of ours to itself", () => {
    const defect = toFault(new Error("password=hunter2"));
    expect(JSON.stringify(toProblem(defect, "run-1"))).not.toContain("hunter2");
  });

  it("says when to come back in whole seconds, and never 0", () => {
    expect([after(1), after(1_000), after(1_001)]).toEqual(["1", "1", "2"]);
    expect(problemHeaders(new Fault("unavailable", "x"))).not.toHaveProperty("retry-after");
  });
});

function after(retryAfterMs: number): string | undefined {
  return problemHeaders(new Fault("unavailable", "x", { retryAfterMs }))["retry-after"];
}
