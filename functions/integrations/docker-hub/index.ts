import { defineIntegration } from "#shared/integration";
import * as z from "zod";
import { addTeamMember } from "./actions/add-team-member.ts";
import { copyImage } from "./actions/copy-image.ts";
import { createAccessToken } from "./actions/create-access-token.ts";
import { createIndex } from "./actions/create-index.ts";
import { createRepository } from "./actions/create-repository.ts";
import { createTeam } from "./actions/create-team.ts";
import { deleteAccessToken } from "./actions/delete-access-token.ts";
import { deleteImage } from "./actions/delete-image.ts";
import { deleteTag } from "./actions/delete-tag.ts";
import { deleteTeam } from "./actions/delete-team.ts";
import { getBuild } from "./actions/get-build.ts";
import { getManifest } from "./actions/get-manifest.ts";
import { getRepository } from "./actions/get-repository.ts";
import { getTag } from "./actions/get-tag.ts";
import { grantTeam } from "./actions/grant-team.ts";
import { listAccessTokens } from "./actions/list-access-tokens.ts";
import { listAttestations } from "./actions/list-attestations.ts";
import { listBuildSources } from "./actions/list-build-sources.ts";
import { listBuilds } from "./actions/list-builds.ts";
import { listRepositories } from "./actions/list-repositories.ts";
import { listTags } from "./actions/list-tags.ts";
import { listTeamMembers } from "./actions/list-team-members.ts";
import { listTeams } from "./actions/list-teams.ts";
import { promoteImage } from "./actions/promote-image.ts";
import { readContents } from "./actions/read-contents.ts";
import { readVulnerabilities } from "./actions/read-vulnerabilities.ts";
import { removeTeamMember } from "./actions/remove-team-member.ts";
import { retagImage } from "./actions/retag-image.ts";
import { setImmutableTags } from "./actions/set-immutable-tags.ts";
import { triggerBuild } from "./actions/trigger-build.ts";
import { updateAccessToken } from "./actions/update-access-token.ts";
import { verifyImage } from "./actions/verify-image.ts";
import { errorOf, MANIFEST_TYPES } from "./client.ts";
import { events } from "./events.ts";

const secret = { required: true, secret: true } as const;
/** Where blobs are, at addresses that the registry gives out: https://docs.docker.com/desktop/setup/allow-list/ */
const store = { auth: "none" } as const;

export default defineIntegration({
  id: "docker-hub",
  title: "Docker Hub",
  summary:
    "Repositories, images and who may use them: copy, scan, verify and promote what is deployed",
  category: "containers",
  docs: "https://docs.docker.com/reference/api/hub/latest/",
  auth: {
    // https://docs.docker.com/reference/api/hub/latest/operations/AuthCreateAccessToken/
    kind: "exchange",
    title: "Access token",
    config: {
      username: {
        label: "Docker ID, or the organisation of an organisation access token",
        schema: z.string().regex(/^[a-z0-9][a-z0-9._-]{1,254}$/),
        example: "acme",
      },
    },
    fields: {
      token: { label: "Personal or organisation access token", ...secret },
      "webhook-token": { label: "Token of the webhook's URL", required: false, secret: true },
    },
    tokenUrl: "https://hub.docker.com/v2/auth/token",
    body: { identifier: "username", secret: "token" },
    tokenPath: "access_token",
    lifetime: { seconds: 600 },
  },
  http: {
    baseUrl: "https://hub.docker.com",
    hosts: {
      // https://docs.docker.com/reference/api/registry/auth/
      tokens: {
        baseUrl: "https://auth.docker.io",
        auth: { basic: { username: "username", password: "token" } },
      },
      registry: {
        baseUrl: "https://registry-1.docker.io",
        auth: "none",
        headers: { accept: MANIFEST_TYPES },
      },
      triggers: { baseUrl: "https://hub.docker.com/api/build/v1/source", auth: "none" },
      cloudflare: { baseUrl: "https://production.cloudflare.docker.com", ...store },
      cloudfront: { baseUrl: "https://production.cloudfront.docker.com", ...store },
      r2: {
        baseUrl:
          "https://docker-images-prod.6aa30f8b08e16409b46e0173d6de2f56.r2.cloudflarestorage.com",
        ...store,
      },
    },
    errorOf,
  },
  limits: [
    {
      scope: "personal account, pulls: each manifest that is read",
      requests: 200,
      perSeconds: 21_600,
      docs: "https://docs.docker.com/docker-hub/usage/pulls/",
    },
  ],
  health: "list-repositories",
  actions: {
    "add-team-member": addTeamMember,
    "copy-image": copyImage,
    "create-access-token": createAccessToken,
    "create-index": createIndex,
    "create-repository": createRepository,
    "create-team": createTeam,
    "delete-access-token": deleteAccessToken,
    "delete-image": deleteImage,
    "delete-tag": deleteTag,
    "delete-team": deleteTeam,
    "get-build": getBuild,
    "get-manifest": getManifest,
    "get-repository": getRepository,
    "get-tag": getTag,
    "grant-team": grantTeam,
    "list-access-tokens": listAccessTokens,
    "list-attestations": listAttestations,
    "list-build-sources": listBuildSources,
    "list-builds": listBuilds,
    "list-repositories": listRepositories,
    "list-tags": listTags,
    "list-team-members": listTeamMembers,
    "list-teams": listTeams,
    "promote-image": promoteImage,
    "read-contents": readContents,
    "read-vulnerabilities": readVulnerabilities,
    "remove-team-member": removeTeamMember,
    "retag-image": retagImage,
    "set-immutable-tags": setImmutableTags,
    "trigger-build": triggerBuild,
    "update-access-token": updateAccessToken,
    "verify-image": verifyImage,
  },
  webhooks: {
    docs: "https://docs.docker.com/docker-hub/repos/manage/webhooks/",
    // Docker signs nothing: the address is secret, and what arrives is looked up before it is believed.
    verify: { kind: "url-token", parameter: "token" },
    secretField: "webhook-token",
    // The body has the time and an address of its own for every push.
    deliveryId: [{ digest: "sha256" }],
    type: [{ always: "push", when: { field: "push_data.tag" } }],
    events,
  },
  catalog: {
    does: [
      {
        line: "repositories, tags, manifests (multi-arch index)",
        actions: [
          "list-repositories",
          "get-repository",
          "create-repository",
          "set-immutable-tags",
          "list-tags",
          "get-tag",
          "get-manifest",
          "create-index",
        ],
      },
      {
        line: "access tokens and team permissions",
        actions: [
          "list-access-tokens",
          "create-access-token",
          "update-access-token",
          "delete-access-token",
          "list-teams",
          "create-team",
          "delete-team",
          "list-team-members",
          "add-team-member",
          "remove-team-member",
          "grant-team",
        ],
      },
      {
        line: "copy/retag and delete images through the registry API",
        actions: ["copy-image", "retag-image", "delete-image", "delete-tag"],
      },
      {
        line: "trigger and inspect automated builds",
        actions: ["trigger-build", "list-builds", "get-build", "list-build-sources"],
      },
      {
        line: "read vulnerability scan results",
        actions: ["read-vulnerabilities", "list-attestations", "read-contents"],
      },
      {
        line: "verify image signatures and enforce a trust policy",
        actions: ["verify-image", "promote-image"],
      },
    ],
    on: [{ line: "push webhook (no signature: URL token plus refetch)", events: ["push"] }],
    why: [
      {
        line: "container registry for deployments",
        how: "`push` starts a function, `get-tag` looks it up, and `promote-image` copies it to where it is deployed from, by digest and if the policy allows it",
      },
    ],
    setup: [
      "Create a personal access token under Account settings, Personal access tokens: Read & Write, with Delete for the deleting actions",
      "Or, as an organisation's owner, an organisation access token; the username is then the organisation",
      "Choose a long random webhook token, and add a webhook to each repository with the connection's address and ?token= at its end",
    ],
  },
});
