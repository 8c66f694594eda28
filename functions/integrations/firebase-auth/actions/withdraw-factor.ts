import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { admin, idToken, uid } from "../client.ts";
import { readFactors, writeFactors } from "../factors.ts";

const factor = z.string().min(1).max(256);

export const withdrawFactor = defineAction({
  summary: "Take a second factor, or all of them, from a user",
  docs: "https://cloud.google.com/identity-platform/docs/reference/rest/v2/accounts.mfaEnrollment/withdraw",
  scopes: admin,
  effect: "write",
  idempotency: { kind: "natural", why: "a factor that is gone is not taken away again" },
  input: z.union([
    /** As the user, who signed in lately. */
    z.strictObject({ idToken, factor }),
    /** As the administrator. */
    z.strictObject({ uid, factor: z.union([factor, z.literal("all")]) }),
  ]),
  output: z.object({ withdrawn: z.int() }),
  async run(api, given) {
    if ("idToken" in given) {
      await api.request({
        method: "POST",
        path: path`/v2/accounts/mfaEnrollment:withdraw`,
        json: { idToken: given.idToken, mfaEnrollmentId: given.factor },
        response: z.object({}),
      });
      return { withdrawn: 1 };
    }
    const before = await readFactors(api, given.uid);
    const rest = before.filter(
      ({ mfaEnrollmentId: id }) => given.factor !== "all" && id !== given.factor,
    );
    if (rest.length < before.length) await writeFactors(api, given.uid, rest);
    return { withdrawn: before.length - rest.length };
  },
});
