import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { Build, BuildAnswer } from "../build.ts";

export const getBuild = defineAction({
  summary: "Read an automated build: its state, commit and times",
  docs: "https://docs.docker.com/docker-hub/repos/manage/builds/manage-builds/",
  scopes: ["repo:read"],
  effect: "read",
  input: z.object({ id: z.uuid() }),
  output: Build,
  run: (api, { id }) =>
    api.request({
      method: "GET",
      path: path`/api/audit/v1/action/${id}/`,
      response: BuildAnswer,
    }),
});
