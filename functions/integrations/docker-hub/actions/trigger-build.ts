import { defineAction, issuedUrl } from "#shared/integration";
import * as z from "zod";
import { Done, tag } from "../client.ts";

export const triggerBuild = defineAction({
  summary:
    "Start an automated build by its trigger URL, which is the permission (Docker ends these builds on 2027-04-01)",
  docs: "https://docs.docker.com/docker-hub/repos/manage/builds/",
  scopes: ["the trigger URL of the repository's build settings"],
  effect: "write",
  idempotency: {
    kind: "none",
    why: "Docker Hub takes no key; a second call starts a second build",
  },
  input: z.object({
    url: z
      .string()
      .regex(
        /^https:\/\/hub\.docker\.com\/api\/build\/v1\/source\/[\w-]+\/trigger\/[\w-]+\/call\/$/,
      ),
    /** What is built: one of the build rules, by its source or by its tag; all where it is left out. */
    source: z
      .discriminatedUnion("kind", [
        z.object({ kind: z.literal("branch"), name: z.string().min(1).max(255) }),
        z.object({ kind: z.literal("tag"), name: z.string().min(1).max(255) }),
        z.object({ kind: z.literal("docker-tag"), name: tag }),
      ])
      .optional(),
  }),
  output: Done,
  async run(api, { url, source }) {
    await api.request({
      method: "POST",
      host: "triggers",
      path: issuedUrl(url),
      json: bodyOf(source),
      read: "text",
      response: z.string(),
    });
    return {};
  },
});

function bodyOf(
  source: { readonly kind: "branch" | "tag" | "docker-tag"; readonly name: string } | undefined,
): Readonly<Record<string, string | boolean>> {
  if (source === undefined) return { build: true };
  const { kind, name } = source;
  if (kind === "docker-tag") return { docker_tag: name };
  return { source_type: kind === "tag" ? "Tag" : "Branch", source_name: name };
}
