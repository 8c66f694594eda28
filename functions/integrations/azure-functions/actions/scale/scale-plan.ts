import { defineAction } from "#shared/integration";
import * as z from "zod";
import { arm, planName, planPath, resourceGroup } from "../../client.ts";
import { change, Operation } from "../../operation.ts";
import { Whole } from "../../resources.ts";

const WholePlan = Whole.extend({ sku: z.looseObject({}) });

export const scalePlan = defineAction({
  summary: "Set the size of a plan, its instances and up to how many it grows",
  docs: "https://learn.microsoft.com/rest/api/appservice/app-service-plans/create-or-update",
  scopes: ["Microsoft.Web/serverfarms/read", "Microsoft.Web/serverfarms/write"],
  effect: "write",
  idempotency: { kind: "natural", why: "the same size twice is the same" },
  input: z.object({
    resourceGroup,
    plan: planName,
    /** https://learn.microsoft.com/azure/azure-functions/functions-premium-plan#available-instance-skus */
    sku: z.enum(["EP1", "EP2", "EP3"]).optional(),
    /** Instances that are there, and paid for, always. */
    capacity: z.int().min(1).max(100).optional(),
    maximumInstances: z.int().min(1).max(100).optional(),
  }),
  output: Operation,
  async run(api, { resourceGroup: group, plan, sku, capacity, maximumInstances }) {
    const target = planPath(api, group, plan);
    const whole = await api.request(arm({ method: "GET", path: target, response: WholePlan }));
    const { location, kind, tags } = whole;
    const size =
      sku === undefined ? {} : { name: sku, size: sku, tier: "ElasticPremium", family: "EP" };
    const json = {
      location,
      kind,
      tags,
      sku: { ...whole.sku, ...size, ...(capacity === undefined ? {} : { capacity }) },
      properties: {
        ...whole.properties,
        ...(maximumInstances === undefined ? {} : { maximumElasticWorkerCount: maximumInstances }),
      },
    };
    return change(api, { method: "PUT", path: target, json });
  },
});
