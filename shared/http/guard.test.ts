import { Fault } from "#shared/errors";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkUrl, guardedLookup, isPublicAddress, type ResolvedAddress } from "./guard.ts";

/** Ways to say "a machine of ours", and other things no integration may ask for. */
const hostile = [
  // Loopback and unspecified, in every form a URL parser or a C library accepts.
  "https://127.0.0.1/",
  "https://127.1/",
  "https://127.0.1/",
  "https://127.255.255.254/",
  "https://2130706433/",
  "https://0x7f000001/",
  "https://0x7f.0.0.1/",
  "https://0x7f.1/",
  "https://017700000001/",
  "https://0177.0.0.01/",
  "https://0177.1/",
  "https://127.0.0.1./",
  "https://１２７.０.０.１/",
  "https://127。0。0。1/",
  "https://①②⑦.⓪.⓪.①/",
  "https://%31%32%37.0.0.1/",
  "https://0/",
  "https://0.0.0.0/",
  "https://0.1.2.3/",
  "https://[::]/",
  "https://[::1]/",
  "https://[0:0:0:0:0:0:0:1]/",
  // IPv4 inside IPv6: mapped, compatible, translated, tunnelled.
  "https://[::ffff:127.0.0.1]/",
  "https://[::ffff:7f00:1]/",
  "https://[0:0:0:0:0:ffff:a9fe:a9fe]/",
  "https://[::ffff:169.254.169.254]/",
  "https://[::ffff:10.0.0.1]/",
  "https://[::ffff:8.8.8.8]/",
  "https://[::127.0.0.1]/",
  "https://[::a00:1]/",
  "https://[::808:808]/",
  "https://[::ffff:0:127.0.0.1]/",
  "https://[64:ff9b::7f00:1]/",
  "https://[64:ff9b:1::a9fe:a9fe]/",
  "https://[2002:7f00:1::]/",
  "https://[2001:0:7f00:1::]/",
  // Private, shared, link-local, reserved.
  "https://10.0.0.1/",
  "https://10.255.255.255/",
  "https://0xa.0.0.1/",
  "https://172.16.0.1/",
  "https://172.31.255.255/",
  "https://192.168.0.1/",
  "https://3232235521/",
  "https://100.64.0.1/",
  "https://192.0.0.1/",
  "https://192.0.2.1/",
  "https://198.18.0.1/",
  "https://198.51.100.1/",
  "https://203.0.113.1/",
  "https://224.0.0.1/",
  "https://240.0.0.1/",
  "https://255.255.255.255/",
  "https://[fc00::1]/",
  "https://[fd12:3456:789a::1]/",
  "https://[fe80::1]/",
  "https://[fec0::1]/",
  "https://[ff02::1]/",
  "https://[100::1]/",
  "https://[2001:db8::1]/",
  "https://[5f00::1]/",
  "https://[4000::1]/",
  // Metadata services.
  "https://169.254.169.254/latest/meta-data/",
  "https://2852039166/",
  "https://0xA9FEA9FE/",
  "https://0251.0376.0251.0376/",
  "https://169.254.170.2/v2/credentials",
  "https://168.63.129.16/",
  "https://100.100.100.200/",
  "https://192.0.0.192/",
  "https://[fd00:ec2::254]/",
  "https://metadata.google.internal/computeMetadata/v1/",
  // Names that mean the inside.
  "https://localhost/",
  "https://LOCALHOST./",
  "https://api.localhost/",
  "https://printer.local/",
  "https://kubernetes.default.svc.cluster.local/",
  "https://router.home.arpa/",
  "https://vault.internal/",
  "https://kubernetes/",
  // Other schemes, credentials, confusion about where the host ends.
  "http://api.example.com/",
  "file:///etc/passwd",
  "gopher://api.example.com/",
  "ftp://api.example.com/",
  "data:text/plain,x",
  "https://api.example.com@127.0.0.1/",
  "https://user:secret@api.example.com/",
  "https://127.0.0.1:443\\@api.example.com/",
  "https:\\\\127.0.0.1\\",
  "https://127.0.0.1#@api.example.com/",
  "https://[fe80::1%25eth0]/",
  "https:///",
  "//api.example.com/",
  "api.example.com",
  "",
];

const resolvesTo =
  (...addresses: ResolvedAddress[]) =>
  (): Promise<readonly ResolvedAddress[]> =>
    Promise.resolve(addresses);

const lookup = (...addresses: ResolvedAddress[]): Promise<unknown> =>
  new Promise((resolve, reject) => {
    guardedLookup(resolvesTo(...addresses))("api.example.com", { all: true }, (error, found) => {
      if (error === null) resolve(found);
      else reject(error);
    });
  });

const publicV4 = { address: "93.184.215.14", family: 4 };
const publicV6 = { address: "2606:2800:21f:cb07:6820:80da:af6b:8b2c", family: 6 };

describe("checkUrl", () => {
  it.each(hostile)("refuses %s", (url) => {
    let thrown: unknown;
    try {
      checkUrl(url, ["http://127.0.0.1:4400"]);
    } catch (error) {
      thrown = error;
    }
    expect(Fault.is(thrown) && thrown.code).toBe("permission_denied");
  });

  it.each([
    "https://api.github.com/repos/octocat/hello-world",
    "https://slack.com/api/chat.postMessage",
    "https://api.example.com:8443/",
    "https://8.8.8.8/",
    "https://[2606:4700:4700::1111]/",
    "https://localhost.example.com/",
    "https://internal.example.com/",
  ])("lets %s through", (url) => {
    expect(checkUrl(url, []).href).toBe(url);
  });

  it("lets exactly the allowed origins through", () => {
    const allowed = ["http://127.0.0.1:4400"];
    expect(checkUrl("http://127.0.0.1:4400/slack/x", allowed).port).toBe("4400");
    for (const near of [
      "http://127.0.0.1:4401/",
      "https://127.0.0.1:4400/",
      "http://127.0.0.1/",
      "http://localhost:4400/",
      "http://a:b@127.0.0.1:4400/",
    ]) {
      expect(() => checkUrl(near, allowed)).toThrow(Fault);
    }
  });

  it("refuses every numeric spelling of every private IPv4 address", () => {
    const internal = fc.oneof(
      fc.tuple(fc.constantFrom(10, 127), fc.nat(255), fc.nat(255), fc.nat(255)),
      fc.tuple(fc.constant(192), fc.constant(168), fc.nat(255), fc.nat(255)),
      fc.tuple(fc.constant(169), fc.constant(254), fc.nat(255), fc.nat(255)),
    );
    fc.assert(
      fc.property(internal, ([a, b, c, d]) => {
        const number = ((a * 256 + b) * 256 + c) * 256 + d;
        const tail = c * 256 + d;
        for (const host of [
          `${a}.${b}.${c}.${d}`,
          `${a}.${b}.${tail}`,
          String(number),
          `0x${number.toString(16)}`,
          `0${number.toString(8)}`,
          `[::ffff:${a}.${b}.${c}.${d}]`,
          `[::${a}.${b}.${c}.${d}]`,
        ]) {
          expect(() => checkUrl(`https://${host}/`, [])).toThrow(Fault);
        }
      }),
    );
  });
});

describe("isPublicAddress", () => {
  it("takes nothing but an address", () => {
    for (const text of ["", "example.com", "1.2.3.4/8", "::1/128", "8.8.8.8 "]) {
      expect(isPublicAddress(text)).toBe(false);
    }
  });
});

describe("guardedLookup", () => {
  it("hands on the addresses it checked", async () => {
    await expect(lookup(publicV4, publicV6)).resolves.toEqual([publicV4, publicV6]);
  });

  it.each([
    ["an internal one", [{ address: "10.0.0.7", family: 4 }]],
    ["an internal one among public ones", [publicV4, { address: "::1", family: 6 }]],
    ["a mapped one", [{ address: "::ffff:127.0.0.1", family: 6 }]],
    ["a link-local one with a zone", [{ address: "fe80::1%eth0", family: 6 }]],
    ["none", []],
  ])("refuses %s", async (_, addresses) => {
    await expect(lookup(...addresses)).rejects.toMatchObject({ code: "permission_denied" });
  });
});
