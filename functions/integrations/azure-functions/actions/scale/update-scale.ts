import { Fault } from "#shared/errors";
import { type Api, defineAction, path } from "#shared/integration";
import * as z from "zod";
import { arm, site, type Site, sitePath } from "../../client.ts";
import { change, Operation } from "../../operation.ts";
import { Whole } from "../../resources.ts";
import { flexScale, planScale, PlanScaleAnswer } from "../../scale.ts";

const Flex = z.object(flexScale).partial();
const Plan = z.object(planScale).partial();

export const updateScale = defineAction({
  summary: "Set how far an app scales and what is kept ready; what is left out stays",
  docs: "https://learn.microsoft.com/azure/azure-functions/flex-consumption-how-to",
  scopes: [
    "Microsoft.Web/sites/read",
    "Microsoft.Web/sites/write",
    "Microsoft.Web/sites/config/Write",
  ],
  effect: "write",
  idempotency: { kind: "natural", why: "the same limits twice are the same" },
  input: z.union([
    z.strictObject({ ...site, flex: Flex }),
    z.strictObject({ ...site, plan: Plan }),
  ]),
  output: Operation,
  async run(api, input) {
    if ("flex" in input) {
      const { flex, ...at } = input;
      return updateFlex(api, at, flex);
    }
    const { plan, ...at } = input;
    const properties = {
      functionAppScaleLimit: plan.maximumInstances,
      minimumElasticInstanceCount: plan.minimumInstances,
      preWarmedInstanceCount: plan.preWarmedInstances,
    };
    const target = sitePath(api, at, path`/config/web`);
    const response = PlanScaleAnswer;
    await api.request(arm({ method: "PATCH", path: target, json: { properties }, response }));
    return { done: true };
  },
});

const Config = z.looseObject({
  scaleAndConcurrency: z.looseObject({ triggers: z.looseObject({}).nullish() }),
});

/** The vendor's PATCH does not know this part of an app, so that the whole app is read and sent back. */
async function updateFlex(api: Api, at: Site, flex: z.output<typeof Flex>) {
  const target = sitePath(api, at);
  const whole = await api.request(arm({ method: "GET", path: target, response: Whole }));
  const config = Config.safeParse(whole.properties["functionAppConfig"]);
  if (!config.success) {
    throw new Fault(
      "failed_precondition",
      "azure-functions.update-scale: the app is not on flex consumption; give plan instead of flex",
      { origin: "caller" },
    );
  }
  const { scaleAndConcurrency: before } = config.data;
  const scaleAndConcurrency = {
    ...before,
    ...given("maximumInstanceCount", flex.maximumInstances),
    ...given("instanceMemoryMB", flex.instanceMemoryMb),
    ...given(
      "alwaysReady",
      flex.alwaysReady?.map(({ name, instances }) => ({ name, instanceCount: instances })),
    ),
    ...given(
      "triggers",
      flex.httpConcurrency === undefined
        ? undefined
        : { ...before.triggers, http: { perInstanceConcurrency: flex.httpConcurrency } },
    ),
  };
  const functionAppConfig = { ...config.data, scaleAndConcurrency };
  const { location, kind, tags, identity } = whole;
  const properties = { ...whole.properties, functionAppConfig };
  const json = { location, kind, tags, identity, properties };
  return change(api, { method: "PUT", path: target, json });
}

function given(name: string, value: unknown): Readonly<Record<string, unknown>> {
  return value === undefined ? {} : { [name]: value };
}
