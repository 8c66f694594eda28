import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { GroupCommit } from "./group-commit.ts";

function openWriter(): { db: DatabaseSync; writer: GroupCommit; rows: () => unknown[] } {
  const db = new DatabaseSync(":memory:");
  db.exec("CREATE TABLE parent (id INTEGER PRIMARY KEY)");
  db.exec("CREATE TABLE t (v INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED)");
  const rows = (): unknown[] =>
    db
      .prepare("SELECT v FROM t ORDER BY rowid")
      .all()
      .map((row) => row["v"]);
  return { db, writer: new GroupCommit(db), rows };
}

it("commits the writes of one turn together, in their order", async () => {
  const { db, writer, rows } = openWriter();
  const insert = db.prepare("INSERT INTO t VALUES (NULL)");
  const inside: boolean[] = [];
  const work = (): number => {
    inside.push(db.isTransaction);
    return Number(insert.run().lastInsertRowid);
  };
  const before = [writer.apply(work), writer.apply(work)];
  expect(rows()).toEqual([]);
  expect(await Promise.all(before)).toEqual([1, 2]);
  expect(inside).toEqual([true, true]);
  expect(db.isTransaction).toBe(false);
});

it("fails a write that throws alone", async () => {
  const { db, writer, rows } = openWriter();
  const insert = (): unknown => db.exec("INSERT INTO t VALUES (NULL)");
  const results = await Promise.allSettled([
    writer.apply(insert),
    writer.apply(() => {
      throw new Error("mine alone");
    }),
    writer.apply(insert),
  ]);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(rows()).toHaveLength(2);
});

it("fails the whole group when the commit fails, and goes on with the next", async () => {
  const { db, writer, rows } = openWriter();
  // A deferred reference is checked at COMMIT: https://www.sqlite.org/foreignkeys.html#fk_deferred
  const orphan = writer.apply(() => db.exec("INSERT INTO t VALUES (7)"));
  const neighbour = writer.apply(() => db.exec("INSERT INTO t VALUES (NULL)"));
  await expect(orphan).rejects.toThrow(/FOREIGN KEY/);
  await expect(neighbour).rejects.toThrow(/FOREIGN KEY/);
  expect(rows()).toEqual([]);
  await writer.apply(() => db.exec("INSERT INTO t VALUES (NULL)"));
  expect(rows()).toEqual([null]);
});

it("stops writing after the disk has failed", async () => {
  const { db, writer, rows } = openWriter();
  const failing = writer.apply(() => {
    db.exec("ROLLBACK");
    throw Object.assign(new Error("disk I/O error"), { errcode: 10 });
  });
  const neighbour = writer.apply(() => db.exec("INSERT INTO t VALUES (NULL)"));
  await expect(failing).rejects.toThrow("disk I/O error");
  await expect(neighbour).rejects.toThrow("disk I/O error");
  const later = writer.apply(() => db.exec("INSERT INTO t VALUES (NULL)"));
  await expect(later).rejects.toMatchObject({ code: "unavailable" });
  expect(rows()).toEqual([]);
});

it("commits what waits when it is closed and takes nothing more", async () => {
  const { db, writer, rows } = openWriter();
  const waiting = Array.from({ length: 600 }, () =>
    writer.apply(() => db.exec("INSERT INTO t VALUES (NULL)")),
  );
  writer.close();
  await Promise.all(waiting);
  expect(rows()).toHaveLength(600);
  await expect(writer.apply(() => 1)).rejects.toMatchObject({ code: "unavailable" });
});
