import { defineIntegration } from "#shared/integration";
import * as z from "zod";
import { checkCountry } from "./actions/check-country.ts";
import { createCookie } from "./actions/create-cookie.ts";
import { createUser } from "./actions/create-user.ts";
import { deleteUser } from "./actions/delete-user.ts";
import { disableProvider } from "./actions/disable-provider.ts";
import { disableUser } from "./actions/disable-user.ts";
import { enableProvider } from "./actions/enable-provider.ts";
import { enrollPhone } from "./actions/enroll-phone.ts";
import { finishTotp } from "./actions/finish-totp.ts";
import { getProject } from "./actions/get-project.ts";
import { getUser } from "./actions/get-user.ts";
import { listAttempts } from "./actions/list-attempts.ts";
import { listFactors } from "./actions/list-factors.ts";
import { listProviders } from "./actions/list-providers.ts";
import { listUsers } from "./actions/list-users.ts";
import { mintToken } from "./actions/mint-token.ts";
import { revokeSessions } from "./actions/revoke-sessions.ts";
import { rotateToken } from "./actions/rotate-token.ts";
import { setBlocking } from "./actions/set-blocking.ts";
import { setClaims } from "./actions/set-claims.ts";
import { setMfa } from "./actions/set-mfa.ts";
import { startTotp } from "./actions/start-totp.ts";
import { updateUser } from "./actions/update-user.ts";
import { verifyCookie } from "./actions/verify-cookie.ts";
import { verifyToken } from "./actions/verify-token.ts";
import { withdrawFactor } from "./actions/withdraw-factor.ts";
import { errorOf } from "./client.ts";

import { credentials, decide, events } from "./events.ts";
import { policyText, rangesText } from "./policy.ts";

const quotas = "https://cloud.google.com/identity-platform/quotas";

export default defineIntegration({
  id: "firebase-auth",
  title: "Firebase Authentication",
  summary:
    "Users, sign-in providers, second factors, tokens and sessions, and a say in every sign-in",
  category: "identity",
  docs: "https://cloud.google.com/identity-platform/docs/reference/rest",
  auth: {
    kind: "service-account",
    title: "Service account key",
    fields: {
      "service-account": { label: "JSON key file", required: true, secret: true },
      "token-issuer": {
        label: "Issuer of blocking events: https://securetoken.google.com/<project id>",
        required: false,
        secret: true,
      },
    },
    config: {
      project: {
        label: "Project ID",
        // https://cloud.google.com/resource-manager/docs/creating-managing-projects
        schema: z.string().regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/),
        example: "my-project",
      },
      "sign-in-policy": {
        label: "Countries that may sign in",
        schema: policyText,
        default: "off",
        example: "allow DE,AT,CH; unknown deny",
      },
      "country-ranges": {
        label: "Address ranges and their countries",
        schema: rangesText,
        default: "",
        example: "192.0.2.0/24=DE 2001:db8::/32=AT",
      },
    },
    scopes: ["https://www.googleapis.com/auth/cloud-platform"],
  },
  http: {
    baseUrl: "https://identitytoolkit.googleapis.com",
    hosts: {
      /** The same methods that anybody may call. */
      open: { baseUrl: "https://identitytoolkit.googleapis.com", auth: "none" },
      keys: { baseUrl: "https://www.googleapis.com", auth: "none" },
      tokens: { baseUrl: "https://securetoken.googleapis.com", auth: "none" },
      iam: { baseUrl: "https://iamcredentials.googleapis.com" },
    },
    errorOf,
  },
  limits: [
    { scope: "deletions of accounts, per project", requests: 10, perSeconds: 1, docs: quotas },
    { scope: "changes of accounts, per project", requests: 10, perSeconds: 1, docs: quotas },
  ],
  health: "get-project",
  actions: {
    "check-country": checkCountry,
    "create-cookie": createCookie,
    "create-user": createUser,
    "delete-user": deleteUser,
    "disable-provider": disableProvider,
    "disable-user": disableUser,
    "enable-provider": enableProvider,
    "enroll-phone": enrollPhone,
    "finish-totp": finishTotp,
    "get-project": getProject,
    "get-user": getUser,
    "list-attempts": listAttempts,
    "list-factors": listFactors,
    "list-providers": listProviders,
    "list-users": listUsers,
    "mint-token": mintToken,
    "revoke-sessions": revokeSessions,
    "rotate-token": rotateToken,
    "set-blocking": setBlocking,
    "set-claims": setClaims,
    "set-mfa": setMfa,
    "start-totp": startTotp,
    "update-user": updateUser,
    "verify-cookie": verifyCookie,
    "verify-token": verifyToken,
    "withdraw-factor": withdrawFactor,
  },
  webhooks: {
    docs: "https://cloud.google.com/identity-platform/docs/blocking-functions",
    // The keys are those of users' tokens, which have the project as audience; a blocking event has the address it is sent to.
    verify: {
      kind: "jwt",
      field: "data.jwt",
      keys: {
        jwks: "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com",
        algorithms: ["RS256"],
        who: ["iss"],
      },
      issuers: ["{iss}"],
      toleranceSeconds: 60,
    },
    secretField: "token-issuer",
    deliveryId: { field: "event_id" },
    type: { field: "event_type" },
    omit: credentials,
    // At hand for three months, as PCI DSS 10.5.1 asks of audit logs: https://www.pcisecuritystandards.org/document_library/
    log: { keepDays: 92 },
    decide,
    events,
  },
  catalog: {
    does: [
      {
        line: "sign-in providers: google, github, microsoft, apple (enable, list)",
        actions: ["enable-provider", "disable-provider", "list-providers"],
      },
      {
        line: "create/get/update/disable/delete/list users",
        actions: [
          "create-user",
          "get-user",
          "update-user",
          "disable-user",
          "delete-user",
          "list-users",
        ],
      },
      { line: "set custom claims", actions: ["set-claims"] },
      {
        line: "MFA enrol/list/withdraw",
        actions: [
          "set-mfa",
          "enroll-phone",
          "start-totp",
          "finish-totp",
          "list-factors",
          "withdraw-factor",
        ],
      },
      { line: "mint custom token", actions: ["mint-token"] },
      { line: "verify ID token and session cookie", actions: ["verify-token", "verify-cookie"] },
      {
        line: "create session cookie, revoke refresh tokens (session management, token rotation)",
        actions: ["create-cookie", "revoke-sessions", "rotate-token"],
      },
      {
        line: "geo-block a sign-in by country",
        actions: ["set-blocking", "check-country", "list-attempts"],
      },
    ],
    on: [
      {
        line: "blocking events: before create, before sign-in",
        events: ["beforeCreate", "beforeSignIn"],
      },
    ],
    why: [
      {
        line: "SSO",
        how: "`enable-provider` lets people in by the account they have, `mint-token` by one of another system; `create-cookie` and `verify-cookie` hold one session for many services",
      },
      {
        line: "audit log of every sign-in",
        how: "every attempt is stored with the decision before Google is answered, kept for 92 days, read by `list-attempts` and queued for functions on `beforeSignIn`",
      },
    ],
    setup: [
      "Create a service account with the role Firebase Authentication Admin, and a JSON key for it",
      "Enter the project ID",
      "For blocking events: upgrade to Identity Platform, enter the issuer, set `AUTERITY_PUBLIC_URL`, and run `set-blocking` with the address of the connection's webhooks",
    ],
  },
});
