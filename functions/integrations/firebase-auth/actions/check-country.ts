import { defineAction } from "#shared/integration";
import * as z from "zod";
import { Decided } from "../policy.ts";

export const checkCountry = defineAction({
  summary: "How the connection's policy decides about a sign-in from an address",
  docs: "https://cloud.google.com/identity-platform/docs/blocking-functions#blocking_sign-in_from_certain_ip_addresses",
  scopes: [],
  effect: "read",
  input: z.object({ ipAddress: z.union([z.ipv4(), z.ipv6()]) }),
  output: Decided,
  async run(api, { ipAddress }) {
    const { decideCountry } = await import("../countries.ts");
    return decideCountry(
      api.config["sign-in-policy"] ?? "off",
      api.config["country-ranges"] ?? "",
      ipAddress,
    );
  },
});
