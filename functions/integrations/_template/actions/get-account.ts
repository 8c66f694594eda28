import { defineAction, path } from "#shared/integration";
import * as z from "zod";

export const getAccount = defineAction({
  summary: "The account that the token belongs to",
  docs: "https://docs.template.example/api/account#get",
  scopes: [],
  effect: "read",
  input: z.object({}),
  output: z.object({ id: z.string(), name: z.string() }),
  async run(api) {
    const account = await api.request({
      method: "GET",
      path: path`/account`,
      response: z.object({ id: z.int(), name: z.string() }),
    });
    return { id: String(account.id), name: account.name };
  },
});
