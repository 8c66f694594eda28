import { Fault } from "#shared/errors";
import type { Api } from "#shared/integration";
import type * as z from "zod";
import { changeUser, type Enrollment, findUser } from "./client.ts";

type Enrolled = z.infer<typeof Enrollment>;

/** The second factors of a user. Throws `not_found` from `caller` for a user that does not exist. */
export async function readFactors(api: Api, uid: string): Promise<readonly Enrolled[]> {
  const user = await findUser(api, { uid });
  if (user !== undefined) return user.mfaInfo ?? [];
  throw new Fault("not_found", "firebase-auth.factors: there is no such user; list the users", {
    origin: "caller",
  });
}

/**
 * Replaces the factors of a user: Google knows no other way for an administrator
 * (https://cloud.google.com/identity-platform/docs/reference/rest/v1/projects.accounts/update, `mfa`). What only the
 * user's app can prove cannot be written back: throws `failed_precondition` from `caller` rather than to lose it.
 */
export async function writeFactors(
  api: Api,
  uid: string,
  factors: readonly Omit<Enrolled, "mfaEnrollmentId">[],
): Promise<void> {
  if (factors.some(({ phoneInfo }) => phoneInfo === undefined)) {
    throw new Fault(
      "failed_precondition",
      "firebase-auth.factors: the user has a factor that only its own app can keep, which this would end; use the user's id token, or withdraw all factors",
      { origin: "caller" },
    );
  }
  // Without a list Google takes all factors away.
  await changeUser(api, uid, { mfa: factors.length === 0 ? {} : { enrollments: factors } });
}
