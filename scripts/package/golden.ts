import { createHash, createHmac } from "node:crypto";
import { bodyText, type HttpInput, type HttpOutput } from "#shared/function";

/** A request, and what every cloud has to answer. */
export type Golden = {
  readonly name: string;
  /** The function it is for. */
  readonly fn: string;
  readonly request: HttpInput;
  readonly answer: Shape;
};

/** What of an answer must be the same everywhere: not the run, its cost, and where and when it was. */
export type Shape = {
  readonly status: number;
  readonly type: string | undefined;
  readonly sandboxed: boolean;
  readonly body: unknown;
};

const KEY = "an-api-key-of-the-tests";
const WEBHOOK_SECRET = "a-webhook-secret-of-the-tests";
const DELIVERY = "b1c5a1b0-0000-4000-8000-000000000001";
const SLACK = "/v1/integrations/slack/actions";
const WEBHOOKS = "/v1/webhooks/github-actions/default";

/** The secrets that a deployment would have in its vault. */
export const secrets: Readonly<Record<string, string>> = {
  "api-keys": JSON.stringify({
    [createHash("sha256").update(KEY).digest("hex")]: { tenant: "default", subject: "tests" },
  }),
  "connections/default/github-actions/default/webhook-secret": WEBHOOK_SECRET,
};

/** RFC 9457's and ours; `details` is there where the fault has some. */
const PROBLEM_MEMBERS = ["code", "detail", "instance", "origin", "status", "title", "type"];

const authorization = { authorization: `Bearer ${KEY}` };
const message = JSON.stringify({ channel: "#general", text: "hello" });
const repository = { full_name: "acme/shop", html_url: "https://github.com/acme/shop" };
const push = JSON.stringify({ ref: "refs/heads/main", repository });
const signature = createHmac("sha256", WEBHOOK_SECRET).update(push).digest("hex");
const github = { "x-github-event": "push", "x-github-delivery": DELIVERY };

/** What the packages are asked, in this order. */
export const golden: readonly Golden[] = [
  {
    name: "an action, in the sandbox",
    fn: "integration-slack",
    request: post(`${SLACK}/post-message`, message, authorization),
    answer: {
      status: 200,
      type: "application/json",
      sandboxed: true,
      body: { channel: "#general", ts: "<time>" },
    },
  },
  {
    name: "a stranger's action",
    fn: "integration-slack",
    request: post(`${SLACK}/post-message`, message),
    answer: problem(401, "unauthenticated"),
  },
  {
    name: "a key that nobody issued",
    fn: "integration-slack",
    request: post(`${SLACK}/post-message`, message, { authorization: "Bearer other" }),
    answer: problem(401, "unauthenticated"),
  },
  {
    name: "an action's malformed input",
    fn: "integration-slack",
    request: post(`${SLACK}/post-message`, '{"text":1}', authorization),
    answer: problem(400, "invalid_argument"),
  },
  {
    name: "an action that does not exist",
    fn: "integration-slack",
    request: post(`${SLACK}/fly-to-moon`, "{}", authorization),
    answer: problem(404, "not_found"),
  },
  {
    name: "a webhook without a signature",
    fn: "integration-github-actions",
    request: post(WEBHOOKS, push, github),
    answer: problem(401, "unauthenticated"),
  },
  {
    name: "a signed webhook",
    fn: "integration-github-actions",
    request: post(WEBHOOKS, push, { ...github, "x-hub-signature-256": `sha256=${signature}` }),
    answer: {
      status: 202,
      type: "application/json",
      sandboxed: false,
      body: { id: DELIVERY },
    },
  },
  {
    name: "the same webhook again",
    fn: "integration-github-actions",
    request: post(WEBHOOKS, push, { ...github, "x-hub-signature-256": `sha256=${signature}` }),
    answer: {
      status: 202,
      type: "application/json",
      sandboxed: false,
      body: { id: DELIVERY, duplicate: true },
    },
  },
];

/** A path of no function: the front door of Azure answers it itself, without a body, the other functions by a problem. */
export const unknownRoute = { fn: "integration-slack", request: post("/v1/nothing", "{}") };

/** The shape of an answer. Times and run ids give way to marks, problems to their code. */
export function shapeOf(answer: HttpOutput): Shape {
  const { "content-type": type, "x-auterity-sandbox": sandbox } = answer.headers;
  const body: unknown = JSON.parse(bodyText(answer) || "null", (name, value: unknown) =>
    name === "ts" ? "<time>" : value,
  );
  const isProblem = type === "application/problem+json";
  return {
    status: answer.status,
    type,
    sandboxed: sandbox === "true",
    body: isProblem ? problemShape(body) : body,
  };
}

function problem(status: number, code: string): Shape {
  const body = { status, code, origin: "caller", members: PROBLEM_MEMBERS };
  return { status, type: "application/problem+json", sandboxed: false, body };
}

function problemShape(body: unknown): unknown {
  const members = new Map(Object.entries(body ?? {}));
  const names = [...members.keys()].filter((name) => name !== "details").toSorted();
  const [status, code, origin] = ["status", "code", "origin"].map((name) => members.get(name));
  return { status, code, origin, members: names };
}

function post(path: string, body: string, headers: Record<string, string> = {}): HttpInput {
  return {
    method: "POST",
    path,
    query: "",
    headers: { "content-type": "application/json", ...headers },
    body,
    clientIp: "203.0.113.9",
  };
}
