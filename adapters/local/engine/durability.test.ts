import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRandom } from "#shared/testing";
import { afterAll, expect, it } from "vitest";
import { survive } from "./durability.conformance.ts";

const KILLS = 5;
const folder = mkdtempSync(join(tmpdir(), "auterity-"));

afterAll(() => rmSync(folder, { recursive: true }));

it(`has every acknowledged write after each of ${KILLS} kills`, async () => {
  const { acknowledged, lost } = await survive({
    path: join(folder, "engine.db"),
    kills: KILLS,
    random: seededRandom(1),
    child: new URL("durability-child.conformance.ts", import.meta.url),
  });
  expect(lost).toEqual([]);
  expect(acknowledged).toBeGreaterThanOrEqual(KILLS * 20);
});
