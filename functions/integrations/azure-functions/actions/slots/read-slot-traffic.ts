import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { app, arm, sitePath } from "../../client.ts";
import { ConfigAnswer, Traffic } from "../../traffic.ts";

export const readSlotTraffic = defineAction({
  summary: "Read which part of production's requests goes to which slot",
  docs: "https://learn.microsoft.com/rest/api/appservice/web-apps/get-configuration",
  scopes: ["Microsoft.Web/sites/config/Read"],
  effect: "read",
  input: z.object(app),
  output: z.object({ traffic: Traffic }),
  async run(api, at) {
    const target = sitePath(api, at, path`/config/web`);
    const call = arm({ method: "GET", path: target, response: ConfigAnswer });
    return { traffic: await api.request(call) };
  },
});
