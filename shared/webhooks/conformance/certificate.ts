import { createPublicKey, type KeyObject, sign } from "node:crypto";

/** A self-signed X.509 certificate as PEM (https://www.rfc-editor.org/rfc/rfc5280#section-4.1), for tests alone. */
export function selfSigned(
  privateKey: KeyObject,
  valid: { readonly fromMs: number; readonly toMs: number },
): string {
  const algorithm = sequence(tagged(0x06, Buffer.from("2a864886f70d01010b", "hex")), tagged(0x05));
  const commonName = tagged(0x06, Buffer.from("550403", "hex"));
  const name = sequence(
    tagged(0x31, sequence(commonName, tagged(0x0c, Buffer.from("sns.amazonaws.com")))),
  );
  const spki = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  const content = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, Buffer.from([1])),
    algorithm,
    name,
    sequence(time(valid.fromMs), time(valid.toMs)),
    name,
    spki,
  );
  const signature = tagged(
    0x03,
    Buffer.concat([Buffer.from([0]), sign("sha256", content, privateKey)]),
  );
  const text = sequence(content, algorithm, signature).toString("base64");
  return `-----BEGIN CERTIFICATE-----\n${text.replaceAll(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

function time(atMs: number): Buffer {
  const text = new Date(atMs).toISOString().replaceAll(/[-:T]|\.\d+/g, "");
  return tagged(0x18, Buffer.from(text));
}

function tagged(tag: number, content: Buffer = Buffer.alloc(0)): Buffer {
  const { length } = content;
  const long =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...long]), content]);
}
