import { Contract, ContractCheck, type GivenResponse, type SentRequest } from "#shared/contracts";
import { describe as suite, expect, it } from "vitest";
import { renderContract } from "./contract-file.ts";
import { distil } from "./distil.ts";
import { describe } from "./read-description.ts";
import { formats } from "./testing/formats.ts";

const get: SentRequest = { method: "GET", path: "/v1/items/a%2Fb", query: { count: "2" } };
const post: SentRequest = {
  method: "POST",
  path: "/v1/items",
  query: {},
  json: { title: "Tea", state: "open", parent: { title: "Drinks" } },
};
const item: GivenResponse = { status: 200, json: { id: "1", parent: { parent: { id: "2" } } } };

type Seed = readonly [what: string, request: SentRequest, response: GivenResponse, at: string];

/** What must not pass, whichever format says so. */
const seeds: readonly Seed[] = [
  ["a misspelt parameter", { ...get, query: { conut: "2" } }, item, "query conut"],
  ["a parameter of another type", { ...get, query: { count: "two" } }, item, "query count"],
  ["a parameter out of bounds", { ...get, query: { count: "0" } }, item, "query count"],
  ["a misspelt member", { ...post, json: { title: "", sate: "open" } }, item, "body /sate"],
  ["a value that is none", { ...post, json: { title: "", state: "new" } }, item, "body /state"],
  ["a body of another type", { ...post, json: { title: 1 } }, item, "body /title"],
  [
    "a misspelt member further down",
    { ...post, json: { title: "", parent: { title: "", x: 1 } } },
    item,
    "body /parent/x",
  ],
  ["a body where there is none", { ...get, json: {} }, item, "body"],
  ["an answer of another type", get, { status: 200, json: { title: 1 } }, "response /title"],
  ["an unknown member", get, { status: 200, json: { parent: { a: 1 } } }, "response /parent/a"],
  ["another path", { ...get, path: "/v1/itms/1" }, item, ""],
  ["another method", { ...get, method: "DELETE" }, item, ""],
];

suite.each(Object.entries(formats))("%s", (_, document) => {
  const description = describe(document);
  const source = { format: description.format, from: "here", license: "MIT" };
  const sources = [{ file: "vendor.json", source, description }];
  const sound = [
    { request: get, response: item },
    { request: post, response: item },
  ];

  function violations(request: SentRequest, response: GivenResponse) {
    const contract = distil(sources, [...sound, { request, response }], []);
    const slice = { ...contract, definitions: new Map(Object.entries(contract.$defs)) };
    return new ContractCheck(slice).exchange(request, response);
  }

  it("finds nothing wrong with what is described", () => {
    expect(violations(get, item)).toEqual([]);
    expect(violations(post, item)).toEqual([]);
  });

  it.each(seeds)("catches %s", (_what, request, response, at) => {
    expect(violations(request, response)).toMatchObject([{ at }]);
  });

  it("is cut to what is used, and read again gives itself", () => {
    const contract = distil(
      sources,
      [{ request: get, response: { status: 200, json: { id: "1" } } }],
      [],
    );
    expect(contract.operations).toHaveLength(1);
    expect(JSON.stringify(contract)).not.toMatch(/state|title/);
    const whole = distil(sources, sound, []);
    expect(renderContract(Contract.parse(JSON.parse(renderContract(whole))))).toBe(
      renderContract(whole),
    );
    expect(distil(sources, sound, [])).toEqual(distil(sources, sound.toReversed(), []));
  });
});

suite("required members", () => {
  const needy = Object.entries(formats).filter(([name]) => name !== "Google Discovery v1");
  it.each(needy)("are asked for by %s", (_, document) => {
    const description = describe(document);
    const source = { format: description.format, from: "here", license: "MIT" };
    const request = { ...post, json: { state: "open" } };
    const contract = distil(
      [{ file: "x", source, description }],
      [{ request, response: item }],
      [],
    );
    const slice = { ...contract, definitions: new Map(Object.entries(contract.$defs)) };
    expect(new ContractCheck(slice).exchange(request, item)).toMatchObject([
      { at: "body /title", message: "is required" },
    ]);
    expect(new ContractCheck(slice).exchange({ ...post, json: undefined }, item)).toMatchObject([
      { at: "body", message: "is required" },
    ]);
  });
});
