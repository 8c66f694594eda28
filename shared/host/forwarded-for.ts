/**
 * The client's address from an `x-forwarded-for` header, without its port; `undefined` when there is none.
 * Takes the last entry: the provider's own front end appends it, everything before came from the caller and may
 * be made up. https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/X-Forwarded-For#security_and_privacy_concerns
 */
export function clientAddress(forwardedFor: string | undefined): string | undefined {
  if (forwardedFor === undefined) return undefined;
  const entry = forwardedFor.slice(forwardedFor.lastIndexOf(",") + 1).trim();
  // `[2001:db8::1]:5678` and `203.0.113.7:5678`, as Azure's front end writes them; also without the port.
  const host = /^\[([^\]]+)\](?::\d+)?$/.exec(entry)?.[1] ?? /^([^:]+):\d+$/.exec(entry)?.[1];
  const address = host ?? entry;
  return isIpv4(address) || isIpv6(address) ? address : undefined;
}

function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}

// A URL's parser knows the grammar: https://url.spec.whatwg.org/#concept-ipv6-parser
function isIpv6(text: string): boolean {
  return /^[0-9A-Fa-f:.]+$/.test(text) && URL.canParse(`http://[${text}]`);
}
