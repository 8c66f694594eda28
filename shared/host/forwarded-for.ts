import { isIP } from "node:net";

/**
 * The client's address from an `x-forwarded-for` header, without its port; `undefined` when there is none.
 * Takes the last entry: the provider's own front end appends it, everything before came from the caller and may
 * be made up. https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/X-Forwarded-For#security_and_privacy_concerns
 */
export function clientAddress(forwardedFor: string | undefined): string | undefined {
  if (forwardedFor === undefined) return undefined;
  const entry = forwardedFor.slice(forwardedFor.lastIndexOf(",") + 1).trim();
  if (isIP(entry) !== 0) return entry;
  // `[2001:db8::1]:5678` and `203.0.113.7:5678`, as Azure's front end writes them; also without the port.
  const host = /^\[([^\]]+)\](?::\d+)?$/.exec(entry)?.[1] ?? /^([^:]+):\d+$/.exec(entry)?.[1];
  return host !== undefined && isIP(host) !== 0 ? host : undefined;
}
