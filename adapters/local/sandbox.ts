import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { Fault, problemHeaders, toFault, toProblem } from "#shared/errors";
import { Fixture, playResponse, recordRequest } from "#shared/integration";
import { compileFixtures, findRoutes, membersOf, type Route } from "./sandbox-routes.ts";
import { renderTemplate, SandboxMemory } from "./sandbox-memory.ts";

/** Recorded exchanges by integration and action. */
export type Fixtures = Readonly<Record<string, Readonly<Record<string, Fixture>>>>;

/** What the sandbox was asked, counted: `slack POST /chat.postMessage`, with recorded paths. */
export type Journal = Readonly<Record<string, number>>;

export type Sandbox = {
  /** For `AUTERITY_SANDBOX_URL`; an integration's base URL is `<url>/<id>`. */
  readonly url: string;
  journal(): Journal;
  close(): Promise<void>;
};

/** Reads the fixtures of every registered integration below a folder (`functions/integrations`). */
export function readFixtures(root: string): Fixtures {
  const ids = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("_"))
    .map(({ name }) => name);
  return Object.fromEntries(ids.map((id) => [id, readFolder(join(root, id, "fixtures"))]));
}

function readFolder(folder: string): Record<string, Fixture> {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return Object.fromEntries(
    files
      .filter((file) => file.endsWith(".json") && file !== "events.json")
      .map((file) => {
        const fixture: unknown = JSON.parse(readFileSync(join(folder, file), "utf8"));
        return [file.slice(0, -".json".length), Fixture.parse(fixture)];
      }),
  );
}

/**
 * Starts a stand-in for every vendor on a free loopback port: it answers `/<integration>/<path>` from recorded
 * exchanges, with fresh ids and times where a recording would be untrue, so that each action can be tried without an
 * account. What no fixture knows is a 404 that lists what exists.
 */
export async function startSandbox(
  fixtures: Fixtures,
  now: () => number = () => Date.now(),
): Promise<Sandbox> {
  const routes = compileFixtures(fixtures);
  const memory = new SandboxMemory(now);
  const server = createServer((request, response) => {
    answer(routes, memory, request, response).catch((error: unknown) => {
      sendProblem(response, toFault(error));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    journal: () => memory.counts(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function answer(
  routes: readonly Route[],
  memory: SandboxMemory,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const host = request.headers.host ?? "";
  if (!host.startsWith("127.0.0.1:")) throw foreignHost();
  const { method = "GET", url = "/", headers } = request;
  const recorded = recordRequest({ method, url, headers, body: await buffer(request) });
  if (recorded.text !== undefined && headers["content-type"]?.includes("json")) throw noJson();
  const asked = membersOf(recorded);
  const path = new URL(url, "http://127.0.0.1").pathname;
  const route = memory.turn(findRoutes(routes, method, path, asked));
  if (route === undefined) throw unknownRequest(routes, method, path);
  const { sandbox, json, ...rest } = route.response;
  const template = sandbox ?? json;
  const answered = renderTemplate(template, { asked, memory, integration: route.integration });
  memory.remember(route, asked, answered);
  const played = playResponse({ ...rest, ...(answered === undefined ? {} : { json: answered }) });
  response.writeHead(played.status, played.headers).end(played.body);
}

function sendProblem(response: ServerResponse, fault: Fault): void {
  const problem = toProblem(fault, "sandbox");
  response.writeHead(problem.status, problemHeaders(fault)).end(JSON.stringify(problem));
}

// A page of another origin can point its own name at 127.0.0.1; its Host header gives it away.
function foreignHost(): Fault {
  return new Fault(
    "permission_denied",
    "sandbox.host: the Host header names another machine; call 127.0.0.1",
    { origin: "caller" },
  );
}

function noJson(): Fault {
  return new Fault("invalid_argument", "sandbox.body: it is called json and is none; correct it", {
    origin: "caller",
  });
}

function unknownRequest(routes: readonly Route[], method: string, path: string): Fault {
  const integration = path.split("/")[1] ?? "";
  const known = routes
    .filter((route) => route.integration === integration)
    .map(({ label }) => label);
  const what = known.length === 0 ? "no integration of this name" : `only ${known.join(", ")}`;
  const safeMethod = /^[A-Z]{1,10}$/.test(method) ? method : "this method";
  return new Fault(
    "not_found",
    `sandbox.answer: no recording for ${safeMethod} on this path, there is ${what}; add a fixture`,
    { origin: "caller" },
  );
}
