import type { Cookie } from "@azure/functions";
import { Fault } from "#shared/errors";
import type { RpcCookie } from "./rpc.ts";

/**
 * A Set-Cookie line as the structure that is the only way to send several from Azure. The host escapes the value
 * when it writes the line, so an escaped value is unescaped here; what is sent is then what was asked for.
 * Throws `unimplemented` for an attribute that Azure cannot send, such as `Partitioned`.
 * https://github.com/Azure/static-web-apps/issues/1140
 */
export function parseSetCookie(line: string): Cookie {
  const [pair = "", ...attributes] = line.split(";");
  const equals = pair.indexOf("=");
  if (equals < 1) throw refuse(`a cookie without a name`);
  const cookie: Cookie = {
    name: pair.slice(0, equals).trim(),
    value: unescapeValue(pair.slice(equals + 1).trim()),
  };
  for (const attribute of attributes) setAttribute(cookie, attribute);
  return cookie;
}

/** The line that the host writes: escaped value, lower-case attributes, and `path=/` where none is given. */
export function formatSetCookie(cookie: RpcCookie): string {
  const { domain, expires, maxAge, path, sameSite } = cookie;
  const parts = [`${cookie.name}=${escapeValue(cookie.value)}`];
  if (expires) parts.push(`expires=${new Date(expires.value.seconds * 1000).toUTCString()}`);
  if (maxAge) parts.push(`max-age=${maxAge.value}`);
  if (domain) parts.push(`domain=${domain.value}`);
  parts.push(`path=${path?.value ?? "/"}`);
  if (cookie.secure?.value) parts.push("secure");
  if (sameSite !== "none")
    parts.push(`samesite=${sameSite === "explicitNone" ? "none" : sameSite}`);
  if (cookie.httpOnly?.value) parts.push("httponly");
  return parts.join("; ");
}

function setAttribute(cookie: Cookie, attribute: string): void {
  const equals = attribute.indexOf("=");
  const name = (equals < 0 ? attribute : attribute.slice(0, equals)).trim().toLowerCase();
  const value = equals < 0 ? "" : attribute.slice(equals + 1).trim();
  switch (name) {
    case "":
      return;
    case "expires":
      cookie.expires = readExpires(value);
      return;
    case "max-age":
      if (!/^-?\d+$/.test(value)) throw refuse("a cookie whose Max-Age is no whole number");
      cookie.maxAge = Number(value);
      return;
    case "domain":
      cookie.domain = value;
      return;
    case "path":
      cookie.path = value;
      return;
    case "secure":
      cookie.secure = true;
      return;
    case "httponly":
      cookie.httpOnly = true;
      return;
    case "samesite":
      cookie.sameSite = readSameSite(value);
      return;
    default:
      throw refuse(`the cookie attribute "${name}"`);
  }
}

function readExpires(value: string): Date {
  const milliseconds = Date.parse(value);
  if (Number.isNaN(milliseconds)) throw refuse("a cookie whose Expires is no date");
  // The library drops the epoch itself and everything before, which would keep a cookie that was to be deleted.
  return new Date(Math.max(1000, milliseconds));
}

function readSameSite(value: string): "Lax" | "Strict" | "None" {
  switch (value.toLowerCase()) {
    case "lax":
      return "Lax";
    case "strict":
      return "Strict";
    case "none":
      return "None";
    default:
      throw refuse("a cookie whose SameSite is not Lax, Strict or None");
  }
}

function unescapeValue(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

// Uri.EscapeDataString: RFC 3986, stricter than encodeURIComponent.
function escapeValue(value: string): string {
  return encodeURIComponent(value).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function refuse(what: string): Fault {
  return new Fault("unimplemented", `azure.cookie: Azure cannot send ${what}; leave it out`);
}
