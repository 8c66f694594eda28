import { unzipSync } from "fflate";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { zip } from "./zip.ts";

describe("zip", () => {
  it("holds files as others read them", () => {
    const name = fc.stringMatching(/^[a-z]{1,8}(?:\/[a-zé]{1,8})?$/);
    const file = fc.record({ path: name, text: fc.string({ unit: "grapheme" }) });
    const files = fc.uniqueArray(file, { selector: ({ path }) => path, maxLength: 5 });
    fc.assert(
      fc.property(files, (given) => {
        const read = Object.entries(unzipSync(zip(given)));
        expect(read.map(([path, bytes]) => [path, Buffer.from(bytes).toString()])).toEqual(
          given.map(({ path, text }) => [path, Buffer.from(text).toString()]),
        );
      }),
    );
  });

  it("says which may be executed, and what they add up to", () => {
    const packed = zip([
      { path: "bootstrap", text: "123456789", executable: true },
      { path: "a.txt", text: "" },
    ]);
    const entries = packed.toString("latin1").split("PK\u0001\u0002").slice(1);
    const modes = entries.map((entry) =>
      (Buffer.from(entry, "latin1").readUInt32LE(34) >>> 16).toString(8),
    );
    expect(modes).toEqual(["100755", "100644"]);
    // The check value of CRC-32: https://reveng.sourceforge.io/crc-catalogue/all.htm#crc.cat.crc-32-iso-hdlc
    expect(packed.readUInt32LE(14)).toBe(0xcbf43926);
  });
});
