import { createHash, createHmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { awsAuthorization, type AwsScope, signAws } from "./sign-aws.ts";

const keys = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};
const scope: AwsScope = {
  region: "us-east-1",
  service: "service",
  nowMs: Date.UTC(2015, 7, 30, 12, 36, 0),
};
const dated = { "x-amz-date": "20150830T123600Z" };
const form = "application/x-www-form-urlencoded";
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

describe("signAws", () => {
  // https://github.com/awslabs/aws-c-auth/tree/main/tests/aws-signing-test-suite/v4, and the last of IAM's user guide.
  it.each([
    [
      "get-vanilla",
      "GET",
      "/",
      "",
      {},
      "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    ],
    [
      "get-vanilla-query-order-key-case",
      "GET",
      "/?Param2=value2&Param1=value1",
      "",
      {},
      "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    ],
    [
      "post-vanilla",
      "POST",
      "/",
      "",
      {},
      "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
    ],
    [
      "post-x-www-form-urlencoded",
      "POST",
      "/",
      "Param1=value1",
      { "content-type": form },
      "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
    ],
  ])("signs the published vector %s", (_, method, target, body, headers, signature) => {
    const request = {
      method,
      url: `https://example.amazonaws.com${target}`,
      headers: { ...dated, ...headers },
    };
    const names = Object.keys({ ...headers, host: "", ...dated }).join(";");
    expect(awsAuthorization(request, sha256(body), keys, scope)).toBe(
      `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${names}, Signature=${signature}`,
    );
  });

  it("signs the published vector get-utf8, whose path is encoded once", () => {
    const request = {
      method: "GET",
      url: "https://example.amazonaws.com/%E1%88%B4",
      headers: dated,
    };
    const once = { ...scope, unsignedPayload: true };
    expect(awsAuthorization(request, sha256(""), keys, once)).toContain(
      "Signature=8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
    );
  });

  it("signs the example of IAM's guide", () => {
    const request = {
      method: "GET",
      url: "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08",
      headers: { ...dated, "content-type": `${form}; charset=utf-8` },
    };
    expect(awsAuthorization(request, sha256(""), keys, { ...scope, service: "iam" })).toContain(
      "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
    );
  });

  it("sends the session token and can leave the body unsigned", () => {
    const request = {
      method: "PUT",
      url: "https://example.amazonaws.com/",
      body: Buffer.from("x"),
    };
    const temporary = { ...keys, sessionToken: "session" };
    expect(signAws(request, temporary, scope)).toMatchObject({
      ...dated,
      "x-amz-security-token": "session",
      "x-amz-content-sha256": sha256("x"),
      authorization: expect.stringContaining(
        "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token",
      ),
    });
    expect(signAws(request, keys, { ...scope, unsignedPayload: true })).toMatchObject({
      "x-amz-content-sha256": "UNSIGNED-PAYLOAD",
    });
  });

  const text = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
    .filter((t) => !/^\.+$/.test(t));
  const pairs = fc.uniqueArray(fc.tuple(text, text), { maxLength: 4, selector: ([name]) => name });

  it("signs as AWS's own signer does", async () => {
    const check = fc.asyncProperty(
      fc.array(text, { maxLength: 4 }),
      pairs,
      fc.option(fc.string({ maxLength: 40 }), { nil: undefined }),
      fc.boolean(),
      async (segments, parameters, body, temporary) => {
        const path = `/${segments.map(encodeURIComponent).join("/")}`;
        const query = parameters.map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
        const url = new URL(`https://lambda.eu-west-1.amazonaws.com${path}${query && `?${query}`}`);
        const method = body === undefined ? "GET" : "POST";
        const headers = { "content-type": "application/json", "x-amz-target": "A  b" };
        const credentials = temporary ? { ...keys, sessionToken: "session" } : keys;
        const bytes = body === undefined ? undefined : Buffer.from(body);
        const ours = signAws({ method, url: url.href, headers, body: bytes }, credentials, {
          ...scope,
          region: "eu-west-1",
          service: "lambda",
        });
        const theirs = await new SignatureV4({
          credentials,
          region: "eu-west-1",
          service: "lambda",
          sha256: Sha256,
        }).sign(
          {
            method,
            protocol: "https:",
            hostname: url.hostname,
            path: url.pathname,
            query: Object.fromEntries(parameters),
            headers: { ...headers, host: url.host },
            body,
          },
          { signingDate: new Date(scope.nowMs) },
        );
        expect(ours["authorization"]).toBe(theirs.headers["authorization"]);
      },
    );
    await fc.assert(check, { numRuns: 300 });
  });
});

/** The hash as AWS's signer asks for it. */
class Sha256 {
  readonly #hash;

  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = key === undefined ? createHash("sha256") : createHmac("sha256", toBytes(key));
  }

  update(chunk: Uint8Array | string): void {
    this.#hash.update(chunk);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    throw new Error("not used");
  }
}

function toBytes(key: string | ArrayBuffer | ArrayBufferView): Uint8Array | string {
  if (typeof key === "string") return key;
  if (key instanceof ArrayBuffer) return new Uint8Array(key);
  return new Uint8Array(key.buffer, key.byteOffset, key.byteLength);
}
