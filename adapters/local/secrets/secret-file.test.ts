import { fork } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deleteSecret, makeSecretKey, setSecret } from "./edit-secrets.ts";
import { readSecrets } from "./secret-file.ts";

const CANARY = "canary-é\n";
let folder: string;
let file: string;
let keyFile: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "auterity-secrets-"));
  [file, keyFile] = [join(folder, "secrets.enc"), join(folder, "secrets.key")];
});

afterEach(() => rmSync(folder, { recursive: true }));

const opening = (): unknown => readSecrets(folder);

function valueOf(name: string): string | undefined {
  return readSecrets(folder).find(({ sealed }) => sealed.name === name)?.value;
}

function rows(): Record<string, unknown>[] {
  const content: { secrets: Record<string, unknown>[] } = JSON.parse(readFileSync(file, "utf8"));
  return content.secrets;
}

describe("an encrypted file of secrets", () => {
  it("gives back what was set, and counts versions", () => {
    const token = "connections/default/slack/default/token";
    expect(readSecrets(folder)).toEqual([]);
    expect(setSecret(folder, "stripe-key", "first")).toBe(1);
    expect(setSecret(folder, token, CANARY)).toBe(1);
    expect(setSecret(folder, "stripe-key", "second")).toBe(2);
    expect(readSecrets(folder)).toMatchObject([
      { sealed: { name: token, version: 1 }, value: CANARY },
      { sealed: { name: "stripe-key", version: 2 }, value: "second" },
    ]);
    const isDeleted = [deleteSecret(folder, "stripe-key"), deleteSecret(folder, "stripe-key")];
    expect(isDeleted).toEqual([true, false]);
    expect([valueOf("stripe-key"), valueOf(token)]).toEqual([undefined, CANARY]);
  });

  it("holds no value in the clear, and looks different each time one is set", () => {
    setSecret(folder, "key", CANARY);
    const first = readFileSync(file, "utf8");
    expect(first).not.toContain("canary");
    expect(first).not.toContain(Buffer.from(CANARY).toString("base64").slice(0, 8));
    deleteSecret(folder, "key");
    setSecret(folder, "key", CANARY);
    expect(readFileSync(file, "utf8")).not.toBe(first);
  });

  it("can be read by its owner only, whatever the process allows, and leaves nothing beside it", () => {
    const before = process.umask(0);
    try {
      setSecret(folder, "key", "one");
      setSecret(folder, "key", "two");
    } finally {
      process.umask(before);
    }
    for (const each of [file, keyFile]) expect(statSync(each).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).toSorted()).toEqual(["secrets.enc", "secrets.key", "secrets.lock"]);
  });

  it("has one key for good, whoever asks for it", () => {
    makeSecretKey(folder);
    const key = readFileSync(keyFile, "utf8");
    makeSecretKey(folder);
    setSecret(folder, "key", "x");
    expect(readFileSync(keyFile, "utf8")).toBe(key);
  });

  it("refuses a name that no vault would take", () => {
    expect(() => setSecret(folder, "Key", "x")).toThrow(/secrets.define/);
  });
});

describe("what is not as it was written", () => {
  const refused = expect.objectContaining({ code: "failed_precondition", origin: "platform" });

  it("is refused for every byte of the file and of its key, without repeating any of it", () => {
    setSecret(folder, "a-key", CANARY);
    setSecret(folder, "b-key", "x");
    for (const each of [file, keyFile]) {
      const bytes = readFileSync(each);
      for (let at = 0; at < bytes.length; at += 1) {
        const old = bytes[at] ?? 0;
        for (const changed of [old ^ 1, old ^ 0x20, old ^ 0x80, 0x20, 0x0a]) {
          if (changed === old) continue;
          writeFileSync(each, bytes.with(at, changed));
          expect(opening).toThrow(refused);
          expect(opening).not.toThrow(/canary|a-key|b-key/);
        }
      }
      for (const other of [bytes.subarray(1), bytes.subarray(0, -1), Buffer.from([...bytes, 10])]) {
        writeFileSync(each, other);
        expect(opening).toThrow(refused);
      }
      writeFileSync(each, bytes);
    }
    expect(valueOf("a-key")).toBe(CANARY);
  });

  it("is refused where rows, their values or their versions changed places", () => {
    setSecret(folder, "a-key", "one");
    const [old] = rows();
    setSecret(folder, "a-key", "two");
    setSecret(folder, "b-key", "three");
    const [a, b] = rows();
    const written = readFileSync(file);
    const swaps = [
      [
        { ...a, name: "b-key" },
        { ...b, name: "a-key" },
      ],
      [{ ...a, data: b?.["data"], tag: b?.["tag"], nonce: b?.["nonce"] }, b],
      [{ ...old, version: 2 }, b],
      [{ ...a, version: 1 }, b],
      [old, a, b],
    ];
    for (const swap of swaps) {
      writeFileSync(file, `${JSON.stringify({ v: 1, secrets: swap }, undefined, 1)}\n`);
      expect(opening).toThrow(refused);
    }
    writeFileSync(file, written);
    expect(valueOf("a-key")).toBe("two");
  });

  it("is refused without its key, which is not made anew over secrets that are there", () => {
    setSecret(folder, "key", "x");
    rmSync(keyFile);
    expect(opening).toThrow(refused);
    expect(() => setSecret(folder, "key", "y")).toThrow(refused);
    expect(readdirSync(folder)).not.toContain("secrets.key");
  });
});

describe("writers", () => {
  it("lose nothing that was stored when they are killed in the middle", async () => {
    const stored = new Map<string, number>();
    for (let kill = 0; kill < 8; kill += 1) {
      for (const number of await storeUntilKilled(1_000_000 * (kill + 1), 5 + kill * 9)) {
        stored.set(`key-${number % 20}`, number);
      }
      for (const [name, number] of stored) {
        // What was written and not yet told may be there too.
        expect(Number(valueOf(name))).toBeGreaterThanOrEqual(number);
      }
    }
    expect(stored.size).toBe(20);
  });

  it("wait for each other", async () => {
    await Promise.all([storeUntilKilled(1_000, 40), storeUntilKilled(1_010, 40)]);
    const total = readSecrets(folder).reduce((sum, { sealed }) => sum + sealed.version, 0);
    expect(total).toBeGreaterThanOrEqual(80);
  });
});

/** Runs the writing process, kills it after so many numbers and gives all that it printed. */
async function storeUntilKilled(first: number, count: number): Promise<number[]> {
  const child = fork(new URL("killed-child.ts", import.meta.url), {
    execArgv: [],
    env: { ...process.env, AUTERITY_TEST_FOLDER: folder, AUTERITY_TEST_FIRST: String(first) },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  if (child.stdout === null) throw new Error("the child has no output to read");
  const printed: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    printed.push(Number(line));
    if (printed.length === count) child.kill("SIGKILL");
  }
  return printed;
}
