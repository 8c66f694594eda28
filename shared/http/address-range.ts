import ipaddr from "ipaddr.js";

/** Neighbouring addresses, as `192.0.2.0/24` names them. */
export type AddressRange = {
  /** How many bits its addresses have in common: the more, the narrower. */
  readonly bits: number;
  /** False for what is no address. An IPv4 address that is written as IPv6 (`::ffff:192.0.2.1`) is one of IPv4. */
  has(address: string): boolean;
};

/** Reads a range (https://www.rfc-editor.org/rfc/rfc4632#section-3.1); `undefined` for what is none. */
export function addressRange(text: string): AddressRange | undefined {
  if (!ipaddr.IPv4.isValidCIDRFourPartDecimal(text) && !ipaddr.IPv6.isValidCIDR(text)) {
    return undefined;
  }
  const [base, bits] = ipaddr.parseCIDR(text);
  return {
    bits,
    has(address) {
      if (!ipaddr.IPv4.isValidFourPartDecimal(address) && !ipaddr.IPv6.isValid(address))
        return false;
      const one = ipaddr.process(address);
      return one.kind() === base.kind() && one.match(base, bits);
    },
  };
}
