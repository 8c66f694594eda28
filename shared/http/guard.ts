import type { LookupFunction } from "node:net";
import { Fault } from "#shared/errors";
import ipaddr from "ipaddr.js";

/** One address of a host, as the resolver gave it. */
export type ResolvedAddress = { readonly address: string; readonly family: number };

/** Turns a host name into all its addresses. */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>;

// Azure's virtual public address of the host's own agent, which ipaddr.js calls unicast:
// https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
const AZURE_HOST = "168.63.129.16";

// Names that resolve inside a network by definition, refused before anybody asks a resolver:
// https://www.rfc-editor.org/rfc/rfc6761, https://www.rfc-editor.org/rfc/rfc8375, ICANN's `internal`.
const INTERNAL_NAME = /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|lan|home\.arpa)$/;

/**
 * Checks where a request wants to go. Origins in `allowed` pass whatever they are: an operator named them.
 * Anything else must be https, without credentials, and must not be an internal address in any literal form;
 * names are checked again when they are resolved. Throws `permission_denied`.
 */
export function checkUrl(text: string, allowed: readonly string[]): URL {
  const url = URL.parse(text);
  if (url === null) throw refuse("the url is malformed");
  if (url.username !== "" || url.password !== "") throw refuse("the url carries credentials");
  if (allowed.includes(url.origin)) return url;
  if (url.protocol !== "https:") throw refuse("the url is not https");
  // The URL parser has already turned decimal, octal, hex and full-width forms into dotted decimals.
  const host = url.hostname.replace(/\.$/, "");
  const literal = host.startsWith("[") ? host.slice(1, -1) : host;
  if (ipaddr.isValid(literal)) {
    if (!isPublicAddress(literal)) throw refuse("the address is internal");
  } else if (!host.includes(".") || INTERNAL_NAME.test(host)) {
    throw refuse("the host name is internal");
  }
  return url;
}

/** True for a globally routed unicast address; false for everything else, and for what is no address. */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== "unicast") return false;
  if (address instanceof ipaddr.IPv4) return address.toString() !== AZURE_HOST;
  // Global unicast is 2000::/3 (RFC 4291 §2.4). It leaves out ::/96, which ipaddr.js calls unicast.
  return ((address.parts[0] ?? 0) & 0xe0_00) === 0x20_00;
}

/**
 * A `lookup` for sockets that refuses a name with even one internal address and connects to what it checked:
 * a second answer of the resolver (DNS rebinding) is never asked for.
 */
export function guardedLookup(resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses;
        if (first === undefined) {
          callback(refuse("the host name has no address"), "");
        } else if (!addresses.every(({ address }) => isPublicAddress(address))) {
          callback(refuse("the host name resolves to an internal address"), "");
        } else if (options.all === true) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => {
        callback(error, "");
      },
    );
  };
}

function refuse(why: string): Fault {
  return new Fault(
    "permission_denied",
    `http.guard: ${why}; only public https addresses may be called`,
  );
}
