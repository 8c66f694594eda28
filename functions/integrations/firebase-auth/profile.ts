import * as z from "zod";
import { email, phoneNumber } from "./client.ts";

/** What is said of a user: https://cloud.google.com/identity-platform/docs/reference/rest/v1/projects.accounts/update */
export const profile = {
  email: email.optional(),
  emailVerified: z.boolean().optional(),
  phoneNumber: phoneNumber.optional(),
  displayName: z.string().min(1).max(256).optional(),
  photoUrl: z.url().max(2_048).optional(),
  /** The policy of the project may ask for more than 6 characters. */
  password: z.string().min(6).max(4_096).optional(),
  disabled: z.boolean().optional(),
};
