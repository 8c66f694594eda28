import { action } from "#shared/integration";
import * as z from "zod";

// Apart from what is done with them, which is loaded on first use: what a function loads at its start is limited.

const of = z.object({ functionName: z.string(), alias: z.string() });
const Routing = z.object({
  version: z.string(),
  canary: z.object({ version: z.string() }).nullable(),
});

export const lambdaActions = {
  lambdaAlias: action("aws-lambda.get-alias", { input: of, output: Routing }),
  lambdaVersions: action("aws-lambda.list-versions", {
    input: z.object({ functionName: z.string(), from: z.string().optional() }),
    output: z.object({
      items: z.array(z.object({ version: z.string(), codeSha256: z.string() })),
      next: z.string().nullable(),
    }),
  }),
  lambdaShift: action("aws-lambda.shift-alias", {
    input: of.extend({ to: z.string(), weight: z.number() }),
    output: Routing,
  }),
  lambdaInvoke: action("aws-lambda.invoke-function", {
    input: z.object({ functionName: z.string(), qualifier: z.string(), payload: z.json() }),
    output: z.object({ error: z.string().nullable() }),
  }),
};
