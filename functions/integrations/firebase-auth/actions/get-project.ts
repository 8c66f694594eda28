import { defineAction } from "#shared/integration";
import * as z from "zod";
import { viewer } from "../client.ts";
import { Project, readProject } from "../project.ts";

export const getProject = defineAction({
  summary:
    "How the project's authentication is set up: second factors, blocking functions, domains",
  docs: "https://cloud.google.com/identity-platform/docs/reference/rest/v2/projects/getConfig",
  scopes: viewer,
  effect: "read",
  input: z.object({}),
  output: Project,
  run: (api) => readProject(api),
});
