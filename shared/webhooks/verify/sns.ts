import { verify, X509Certificate } from "node:crypto";
import { decodeStrict, parseObject } from "../encoding.ts";
import { isOneOf } from "../key.ts";
import { readField } from "../place.ts";
import { accepted, refuse, type Trust, type Verdict, type WebhookRequest } from "../request.ts";
import type { SnsScheme } from "../scheme.ts";
import { isTimely } from "../timestamp.ts";

/** Amazon renews these certificates about once a year, each under a name of its own. */
const CERTIFICATE_MAX_AGE_MS = 86_400_000;

/** A name with a query or another path could be an API of the same host that repeats what a caller says. */
const CERTIFICATE_PATH = /^\/SimpleNotificationService-[0-9a-zA-Z]{1,64}\.pem$/;

/** What is signed, by type, in this order; members that are not there are left out. */
const confirmation = [
  "Message",
  "MessageId",
  "SubscribeURL",
  "Timestamp",
  "Token",
  "TopicArn",
  "Type",
];
const signedMembers: ReadonlyMap<string, readonly string[]> = new Map([
  ["Notification", ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]],
  ["SubscriptionConfirmation", confirmation],
  ["UnsubscribeConfirmation", confirmation],
]);

/** Decides about a message of Amazon SNS. Nothing is fetched before all else is right. */
export async function verifySns(
  scheme: SnsScheme,
  request: WebhookRequest,
  { secrets, nowMs, documents }: Trust,
): Promise<Verdict> {
  const topics = secrets.filter((secret) => secret.startsWith("arn:"));
  if (topics.length === 0) return refuse("no-secret");
  const message = parseObject(request.body);
  if (message === undefined) return refuse("malformed-body");
  const read = (name: string): string | undefined => {
    const value = readField(message, name);
    return typeof value === "string" ? value : undefined;
  };
  const content = snsContent(read);
  if (content === undefined) return refuse("malformed-body");
  if (!isOneOf(topics, read("TopicArn") ?? "")) return refuse("wrong-sender");
  if (!isTimely(Date.parse(read("Timestamp") ?? ""), scheme.toleranceSeconds, nowMs)) {
    return refuse("stale");
  }
  const version = scheme.versions.find((known) => known === read("SignatureVersion"));
  if (version === undefined) return refuse("wrong-algorithm");
  const text = read("Signature");
  if (text === undefined) return refuse("missing-signature");
  const signature = decodeStrict(text, "base64");
  if (signature === undefined) return refuse("malformed-signature");
  const url = snsUrl(read("SigningCertURL"));
  if (url === undefined || !CERTIFICATE_PATH.test(url.pathname) || url.search !== "") {
    return refuse("unknown-key");
  }
  const certificate = readCertificate(
    await documents.kept(url.href, CERTIFICATE_MAX_AGE_MS),
    nowMs,
  );
  if (certificate === undefined) return refuse("unknown-key");
  const algorithm = version === "1" ? "sha1" : "sha256";
  const valid = verify(algorithm, Buffer.from(content), certificate.publicKey, signature);
  return valid ? accepted : refuse("wrong-signature");
}

/** The text that SNS signs; `undefined` for what is no message of its. */
export function snsContent(read: (name: string) => string | undefined): string | undefined {
  const members = signedMembers.get(read("Type") ?? "");
  return members
    ?.flatMap((name) => {
      const value = read(name);
      return value === undefined ? [] : [`${name}\n${value}\n`];
    })
    .join("");
}

/** An address of SNS itself; `undefined` for any other. */
export function snsUrl(text: string | undefined): URL | undefined {
  const url = text === undefined ? null : URL.parse(text);
  const own =
    url !== null &&
    // One spelling per address, so that what is fetched is what was read.
    url.href === text &&
    url.protocol === "https:" &&
    url.port === "" &&
    url.username === "" &&
    url.hash === "" &&
    /^sns\.[a-z0-9-]{3,}\.amazonaws\.com(?:\.cn)?$/.test(url.hostname);
  return own ? url : undefined;
}

function readCertificate(pem: Uint8Array, nowMs: number): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(Buffer.from(pem));
    const current =
      Date.parse(certificate.validFrom) <= nowMs && nowMs <= Date.parse(certificate.validTo);
    return current && certificate.publicKey.asymmetricKeyType === "rsa" ? certificate : undefined;
  } catch {
    return undefined;
  }
}
