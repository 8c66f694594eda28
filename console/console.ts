import type { FunctionInfo, Health, Run, RunPage } from "#shared/console";

/** Rows that stay on the page; older runs are in `GET /v1/runs`. */
const ROWS = 100;

const token = readToken();
if (token === "") notice("Open the link that `npm start` printed: it carries the access token.");
else void show();

async function show(): Promise<void> {
  try {
    const functions = await get<{ items: FunctionInfo[] }>("/v1/functions");
    element("functions").replaceChildren(...functions.items.map(functionRow));
    const runs = await get<RunPage>("/v1/runs?limit=50");
    for (const run of runs.items.toReversed()) showRun(run);
    await follow();
  } catch (error) {
    notice(`Not connected: ${error instanceof Error ? error.message : String(error)}. Retrying.`);
  }
  setTimeout(() => void show(), 2_000);
}

// EventSource cannot send a bearer token, so the stream is read by hand.
async function follow(): Promise<void> {
  const response = await call("/v1/events");
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  element("notice").hidden = true;
  let pending = "";
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done) throw new Error("the product stopped");
    const frames = (pending + value).split("\n\n");
    pending = frames.pop() ?? "";
    for (const frame of frames) handleFrame(frame);
  }
}

function handleFrame(frame: string): void {
  const type = /^event: (.*)$/m.exec(frame)?.[1];
  const data = /^data: (.*)$/m.exec(frame)?.[1];
  if (type === undefined || data === undefined) return;
  if (type === "run") showRun(JSON.parse(data));
  if (type === "health") showHealth(JSON.parse(data));
}

function showHealth({ hosts }: Health): void {
  const items = Object.entries(hosts).map(([name, state]) => {
    const item = document.createElement("li");
    item.dataset["state"] = state;
    item.textContent = `${name} ${state}`;
    return item;
  });
  element("hosts").replaceChildren(...items);
}

function showRun(run: Run): void {
  const runs = element("runs");
  const row = tableRow([
    new Date(run.startedAtMs).toLocaleTimeString(),
    run.function,
    run.operation,
    run.runtime,
    run.decision.reason,
    [run.status, run.httpStatus, run.fault].filter((part) => part !== null).join(" "),
    run.status === "running" ? "" : String(run.durationMs),
    run.status === "running" ? "" : (run.costUsd * 1e6).toFixed(3),
  ]);
  row.id = `run-${run.id}`;
  const status = row.children[5];
  if (status instanceof HTMLElement) status.dataset["state"] = run.status;
  row.children[6]?.classList.add("number");
  row.children[7]?.classList.add("number");
  const known = document.getElementById(row.id);
  if (known === null) runs.prepend(row);
  else known.replaceWith(row);
  while (runs.children.length > ROWS) runs.lastElementChild?.remove();
}

function functionRow({ name, on, targets, summary }: FunctionInfo): HTMLTableRowElement {
  return tableRow([name, on, targets.join(", "), summary]);
}

// Text only: whatever a run or a function carries, none of it becomes markup.
function tableRow(cells: readonly string[]): HTMLTableRowElement {
  const row = document.createElement("tr");
  for (const cell of cells) row.insertCell().textContent = cell;
  return row;
}

function notice(text: string): void {
  const box = element("notice");
  box.textContent = text;
  box.hidden = false;
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}

async function get<T>(path: string): Promise<T> {
  const answer: T = await (await call(path)).json();
  return answer;
}

async function call(path: string): Promise<Response> {
  const response = await fetch(path, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response;
}

// The fragment never leaves the browser; it is dropped from the address bar once read.
function readToken(): string {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given !== null) {
    sessionStorage.setItem("token", given);
    history.replaceState(null, "", location.pathname);
  }
  return sessionStorage.getItem("token") ?? "";
}
