import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { localSecrets } from "../adapters/local/drivers/secrets.ts";
import { main } from "./secret.ts";

const name = "connections/default/slack/default/token";
let folder: string;

beforeEach(() => void (folder = join(mkdtempSync(join(tmpdir(), "auterity-secret-")), "data")));
afterEach(() => rmSync(join(folder, ".."), { recursive: true }));

type Said = { code: number; out: string; err: string };

async function secret(args: readonly string[], input = ""): Promise<Said> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await main(args, {
    folder,
    input: async () => input,
    print: (line) => void out.push(line),
    complain: (line) => void err.push(line),
  });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

it("keeps what it is given for the local runtime, and never says it", async () => {
  expect(await secret(["set", name], "canary é \r\n")).toMatchObject({ code: 0, err: "" });
  expect(await localSecrets({}, folder).read(name, undefined)).toMatchObject({
    value: "canary é ",
  });
  const again = await secret(["set", name], "canary\n\n");
  expect(again.out).toBe(`${name}: version 2 is stored`);
  const listed = await secret(["list"]);
  expect(listed).toEqual({ code: 0, out: `${name}  version 2`, err: "" });
  expect(readFileSync(join(folder, "secrets.enc"), "utf8")).not.toContain("canary");
  expect(await secret(["delete", name])).toMatchObject({ code: 0, out: `${name}: deleted` });
  expect(await secret(["list"])).toEqual({ code: 0, out: "", err: "" });
});

it("stores nothing without a value or under a name that is none, and deletes nothing that is not there", async () => {
  for (const said of [
    await secret(["set", name], "\n"),
    await secret(["set", "Slack Token"], "canary"),
    await secret(["delete", name]),
  ]) {
    expect(said).toMatchObject({ code: 1, out: "" });
    expect(said.err).not.toMatch(/canary|^$/);
  }
  expect(await secret(["list"])).toEqual({ code: 0, out: "", err: "" });
});

it.each([
  [[]],
  [["set"]],
  [["set", name, "canary"]],
  [["list", "x"]],
  [["show", name]],
  [["canary"]],
])("answers %j with its usage, and with nothing of that", async (args) => {
  const said = await secret(args, "value");
  expect(said).toMatchObject({ code: 2, out: "" });
  expect(said.err).toContain("usage: npm run secret");
  expect(said.err).not.toContain("canary");
});

it("explains itself", async () => {
  const { code, out } = await secret(["--help"]);
  expect(code).toBe(0);
  for (const word of ["set <name>", "list", "delete <name>", "AUTERITY_DATA", "standard input"]) {
    expect(out).toContain(word);
  }
});
