import { type Action, type ApiTarget, defineAction } from "#shared/integration";
import * as z from "zod";
import { gatewayDocs, type GatewayWire, lambdaDocs, type LambdaWire } from "./client.ts";

/** Where to go on, as the answer before told. */
export const from = z.string().min(1).optional();

/** What a list gives: items, and where the rest begins. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

type OneList<I extends z.ZodType, T extends z.ZodType, Wire> = {
  readonly summary: string;
  readonly input: I;
  readonly call: (input: z.output<I>) => ApiTarget;
  /** One of the items, and what makes it of what comes back. */
  readonly item: T;
  readonly answer: (wire: Wire) => z.ZodType<z.input<T>>;
};

/** An action that reads a list of Lambda's, whose items stand in `member`. */
export function lambdaList<I extends Positioned, T extends z.ZodType>(
  operation: string,
  member: string,
  { summary, input, call, item, answer }: OneList<I, T, LambdaWire>,
): Action {
  return defineAction<I, ReturnType<typeof listOf<T>>>({
    summary,
    docs: lambdaDocs(operation),
    scopes: [`lambda:${operation}`],
    effect: "read",
    input,
    output: listOf(item),
    async run(api, given) {
      const [wire, { lambdaPages }] = await Promise.all([
        import("./lambda-wire.ts"),
        import("./read-pages.ts"),
      ]);
      return lambdaPages(api, call(given), member, answer(wire), given.from);
    },
  });
}

/** An action that reads a list of API Gateway's. */
export function gatewayList<I extends Positioned, T extends z.ZodType>(
  page: string,
  { summary, input, call, item, answer }: OneList<I, T, GatewayWire>,
): Action {
  return defineAction<I, ReturnType<typeof listOf<T>>>({
    summary,
    docs: gatewayDocs(page),
    scopes: ["apigateway:GET"],
    effect: "read",
    input,
    output: listOf(item),
    async run(api, given) {
      const [wire, { gatewayPages }] = await Promise.all([
        import("./gateway-wire.ts"),
        import("./read-pages.ts"),
      ]);
      return gatewayPages(api, call(given), answer(wire), given.from);
    },
  });
}

type Positioned = z.ZodType<{ readonly from?: string | undefined }>;
