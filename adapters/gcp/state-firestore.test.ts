import { expect, it } from "vitest";
import type { StateWrite } from "#shared/state";
import { stateConformance } from "../../shared/state/conformance.ts";
import { lateServer, withEngine } from "#shared/testing";
import { firestoreState } from "./drivers/state-firestore.ts";
import { startFirestoreEmulator } from "./engines/firestore.conformance.ts";

const nowSeconds = 1_800_000_000;

function put(sort: string, rest: Partial<Extract<StateWrite, { kind: "put" }>>): StateWrite {
  const key = { store: "firestore", partition: "own", sort };
  const condition = { kind: "absent", nowSeconds } as const;
  return { kind: "put", key, data: "{}", rev: "1", expiresAtSeconds: null, condition, ...rest };
}

await withEngine("firestore", startFirestoreEmulator, ({ options }) => {
  stateConformance("Firestore", {
    engine: "the Firestore emulator",
    open: async () => firestoreState(options),
    except: {
      S32: {
        sometimes:
          "the emulator shows one reader in a thousand half of a commit; Firestore's are atomic (https://cloud.google.com/firestore/docs/manage-data/transactions)",
      },
    },
    async openLate() {
      const server = await lateServer(`127.0.0.1:${options.client?.port}`);
      const client = { ...options.client, port: server.port };
      return { ...server, driver: firestoreState({ ...options, client }) };
    },
  });

  it("firestore gives an expired key to one of many at once", async () => {
    const driver = firestoreState(options);
    await driver.write(put("expired", { expiresAtSeconds: nowSeconds }), undefined);
    const writes = Array.from({ length: 20 }, (_, index) => put("expired", { rev: `w${index}` }));
    const results = await Promise.all(writes.map((write) => driver.write(write, undefined)));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    const winner = results.findIndex(({ ok }) => ok);
    expect(await driver.read(put("expired", {}).key, undefined)).toMatchObject({
      rev: `w${winner}`,
    });
    await driver.close();
  });

  it("firestore refuses a handle that names no update of its own", async () => {
    const driver = firestoreState(options);
    await driver.write(put("kept", {}), undefined);
    const current = { rev: "1", data: "{}", expiresAtSeconds: null };
    for (const handle of ["0190a0b1c2d3-0000-00000001", "", "4000000000.000000000"]) {
      const write = put("kept", { rev: "2", condition: { kind: "handle", handle } });
      expect(await driver.write(write, undefined)).toMatchObject({ ok: false, current });
      expect(await driver.transact([put("new", {}), write], undefined)).toEqual({
        ok: false,
        failedAt: 1,
      });
    }
    expect(await driver.read(put("new", {}).key, undefined)).toBeUndefined();
    await driver.close();
  });

  it("firestore says invalid_argument of a row that is larger than it takes", async () => {
    const driver = firestoreState(options);
    const tooLarge = put("large", { data: "x".repeat(1_048_577) });
    const error = await driver.write(tooLarge, undefined).catch((thrown: unknown) => thrown);
    expect(driver.codeOf(error)).toBe("invalid_argument");
    await driver.close();
  });
});
