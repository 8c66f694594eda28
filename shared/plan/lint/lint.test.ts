import {
  ack,
  cron,
  defineFunction,
  type FunctionDefinition,
  httpTrigger,
  type Limits,
  queueTrigger,
  scheduleTrigger,
} from "#shared/function";
import { queue } from "#shared/queue";
import { store } from "#shared/state";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { DeployManifest } from "../manifest.ts";
import type { LintCloud } from "./finding.ts";
import { lintDefinitions } from "./lint.ts";

const cloud: LintCloud = {
  target: "azure",
  limits: {
    maxRequestBytes: 1e6,
    maxResponseBytes: 1e6,
    maxMessageBytes: 48 * 1024,
    maxHttpSeconds: 230,
    maxEventSeconds: 600,
    maxNameLength: 60,
  },
  schedule: { compile: (schedule) => JSON.stringify(schedule), parse: parseOwn },
  physicalName: ({ kind, name }) =>
    kind === "secret"
      ? { name: name.replaceAll("/", "--"), pattern: /^[0-9a-zA-Z-]{1,20}$/ }
      : undefined,
  maxEnvironmentBytes: 4_096,
};

// This cloud reads Sunday as the day after.
function parseOwn(expression: string): string {
  const { cron: fields } = z.object({ cron: z.string() }).parse(JSON.parse(expression));
  return fields.replace(/ 0$/, " 1");
}

const nothing: DeployManifest = {
  functions: [],
  stores: [],
  queues: [],
  topics: [],
  buckets: [],
  secrets: [],
};

function scheduled(fields: string): FunctionDefinition {
  const schedule = { kind: "cron", cron: fields } as const;
  return { ...worker({}), name: "nightly", trigger: scheduleTrigger(schedule) };
}

const tooLong: Limits = { timeoutSeconds: 61, memoryMb: 256 };

function worker(limits: Partial<Limits>, visibilitySeconds = 60, longest = 100) {
  const jobs = queue("jobs", {
    schema: z.object({ text: z.string().max(longest) }),
    visibilitySeconds,
  });
  return defineFunction({
    name: "worker",
    summary: "works",
    trigger: queueTrigger(jobs),
    input: z.unknown(),
    uses: {},
    limits,
    handler: async () => ack(),
  });
}

function answering(name: string, path: `/${string}`, timeoutSeconds = 10): FunctionDefinition {
  return defineFunction({
    name,
    summary: "answers",
    trigger: httpTrigger("GET", path),
    input: z.unknown(),
    uses: {},
    limits: { timeoutSeconds },
    handler: async () => ({}),
  });
}

function keeping(longest: number): FunctionDefinition {
  const rows = store("rows", {
    schema: z.object({ id: z.string(), text: z.string().max(longest) }),
    partition: "id",
    sort: "id",
  });
  return { ...answering("keeper", "/keep"), uses: { rows: rows.grant("put") } };
}

function lint(
  functions: readonly FunctionDefinition[],
  manifest: Partial<DeployManifest> = {},
  settings: Readonly<Record<string, string>> = { NAME: "x".repeat(4_000) },
) {
  const environments = new Map([["azure", new Map([["chatty", settings]])]] as const);
  const input = { functions, manifest: { ...nothing, ...manifest }, clouds: [cloud], environments };
  return lintDefinitions(input).map(
    ({ severity, rule, subject, message }) => `${severity} ${rule} ${subject.name}: ${message}`,
  );
}

describe("the lints of definitions", () => {
  it("say nothing of what is sound on all clouds", () => {
    const sound = [
      worker({ timeoutSeconds: 60 }),
      scheduled("0 8 29 2 *"),
      { ...scheduled("*/15 0-6/2 1,15 * *"), trigger: scheduleTrigger(cron("0 8 * * 1-5")) },
      keeping(50_000),
      answering("one", "/v1/things/:id", 230),
      answering("two", "/v1/things/:id/parts"),
      answering("three", "/v1/others/:id"),
    ];
    expect(lint(sound, { secrets: ["connections/*/a"] })).toEqual([]);
  });

  it.each([
    ["both day fields", "0 0 1 * 1", /sets both day fields, which no two clouds read alike; set/],
    ["a day that never comes", "0 0 30 2 *", /never fires: its months have no day 30; name a day/],
    ["a day that never comes", "0 0 31 4,6,9-11/2 *", /never fires: its months have no day 31/],
    ["a meaning of its own", "0 0 * * 0", /becomes "0 0 \* \* 1" on azure; write it otherwise/],
  ])("refuse a schedule with %s", (_what, fields, message) => {
    const [finding, ...others] = lint([scheduled(fields)]);
    expect(finding).toMatch(/^error schedule nightly: /);
    expect(finding).toMatch(message);
    expect(others).toEqual([]);
  });

  it.each([
    ["an event", worker({ timeoutSeconds: 601 }, 700), /azure waits 600 s for an event's ack/],
    ["a caller", answering("slow", "/slow", 231), /azure waits 230 s for a caller over HTTP; answ/],
    // defineFunction refuses it too, but not where a definition is changed afterwards.
    [
      "its message",
      { ...worker({}), limits: tooLong },
      /delivered again after 60 s; raise visibility/,
    ],
    ["SQS", worker({ timeoutSeconds: 61 }, 43_201), /SQS for at most 43200 s; lower visibilityS/],
  ])("refuse a handler that outlasts %s", (_what, definition, message) => {
    expect(lint([definition])).toEqual([expect.stringMatching(/^error timeout /)]);
    expect(lint([definition])[0]).toMatch(message);
  });

  it("measure a function by the clouds it goes to", () => {
    expect(lint([{ ...answering("slow", "/slow", 231), targets: ["gcp"] }])).toEqual([]);
  });

  it("refuse rows that no store takes, and tell of rows that only escapes make too large", () => {
    expect(lint([keeping(400 * 1024)])).toEqual([
      expect.stringMatching(/^error row-size rows: .*rows of 1201 KB and stores take 350 KB; decl/),
    ]);
    expect(lint([keeping(100_000)])).toEqual([
      expect.stringMatching(/^note row-size rows: rows f/),
    ]);
  });

  it("tell which brokers take a message by claim check", () => {
    expect(lint([worker({}, 60, 20_000)])).toEqual([
      expect.stringMatching(
        /^note message-size jobs: .*up to 59 KB .*claim check on azure \(48 KB/,
      ),
    ]);
  });

  it.each(["/v1/:kind/7", "/v1/things/:id"] as const)(
    "refuse %s beside /v1/things/:number",
    (path) => {
      expect(lint([answering("one", "/v1/things/:number"), answering("two", path)])).toEqual([
        expect.stringMatching(
          /^error route two: .* of "one" answer the same request; change one's/,
        ),
      ]);
    },
  );

  it.each(["/admin/users", "/runtime", "/robots.txt"] as const)("refuse the path %s", (path) => {
    expect(lint([answering("one", path)])[0]).toMatch(/kept by a cloud for itself; choose another/);
  });

  it("refuse names that a vault does not take, or takes for another", () => {
    const secrets = ["STRIPE_KEY", "a/b", "a--b", "x".repeat(21)];
    expect(lint([], { secrets })).toEqual([
      expect.stringMatching(/^error name STRIPE_KEY: would be "STRIPE_KEY" on azure, which takes/),
      expect.stringMatching(/^error name a--b: and "a\/b" would both be "a--b" on azure; rename/),
      expect.stringMatching(/^error name x{21}: would be "x{21}" on azure/),
    ]);
  });

  it("refuse an environment that is too large", () => {
    expect(lint([], {}, { LONG: "é".repeat(2_047) })).toEqual([
      expect.stringMatching(/^error environment chatty: .* 4098 bytes and azure gives 4096; read/),
    ]);
  });

  it("refuse two functions of one name", () => {
    const { name, summary, targets, limits } = answering("twin", "/a");
    const trigger = { kind: "http", routes: [] } as const;
    const twin = { name, summary, targets, limits, trigger, permissions: [] };
    expect(lint([], { functions: [twin, twin] })).toEqual([
      "error name twin: is the name of two functions; rename one",
    ]);
  });
});
