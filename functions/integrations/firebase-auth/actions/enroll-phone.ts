import { Fault } from "#shared/errors";
import { defineAction } from "#shared/integration";
import * as z from "zod";
import { admin, Factor, factorOf, phoneNumber, uid } from "../client.ts";
import { readFactors, writeFactors } from "../factors.ts";

export const enrollPhone = defineAction({
  summary: "Give a user a phone number as second factor",
  docs: "https://cloud.google.com/identity-platform/docs/admin/manage-mfa-users#enrolling_new_users",
  scopes: admin,
  effect: "write",
  idempotency: { kind: "natural", why: "a number that the user has already is not added again" },
  input: z.object({ uid, phoneNumber, name: z.string().min(1).max(256).optional() }),
  output: Factor,
  async run(api, { uid: who, phoneNumber: phoneInfo, name }) {
    const before = await readFactors(api, who);
    const known = before.find((factor) => factor.phoneInfo === phoneInfo);
    if (known !== undefined) return factorOf(known);
    const enrolledAt = new Date(api.now()).toISOString();
    const displayName = name === undefined ? {} : { displayName: name };
    await writeFactors(api, who, [...before, { phoneInfo, ...displayName, enrolledAt }]);
    const added = (await readFactors(api, who)).find((factor) => factor.phoneInfo === phoneInfo);
    if (added !== undefined) return factorOf(added);
    throw new Fault(
      "aborted",
      "firebase-auth.factors: somebody else changed the user's factors at the same time; enrol again",
      { origin: "upstream" },
    );
  },
});
