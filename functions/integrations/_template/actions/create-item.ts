import { defineAction, path } from "#shared/integration";
import * as z from "zod";

export const createItem = defineAction({
  summary: "Create an item in a list",
  docs: "https://docs.template.example/api/items#create",
  scopes: ["items:write"],
  effect: "write",
  idempotency: { kind: "header", header: "idempotency-key" },
  input: z.object({ list: z.string().min(1), title: z.string().min(1).max(200) }),
  output: z.object({ id: z.string(), url: z.url() }),
  async run(api, { list, title }) {
    const item = await api.request({
      method: "POST",
      path: path`/lists/${list}/items`,
      json: { title },
      response: z.object({ id: z.int(), html_url: z.string() }),
    });
    return { id: String(item.id), url: item.html_url };
  },
});
