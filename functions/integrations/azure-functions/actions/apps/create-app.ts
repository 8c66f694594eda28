import { defineAction } from "#shared/integration";
import * as z from "zod";
import { app, planName, planPath, refuseExisting, resourceId, sitePath } from "../../client.ts";
import { change, Operation } from "../../operation.ts";

/** https://learn.microsoft.com/azure/azure-functions/functions-infrastructure-as-code */
const Runtime = z.object({
  name: z.enum(["dotnet-isolated", "node", "java", "powershell", "python", "custom"]),
  /** As the vendor counts: `22`, `3.12`, `8.0`; empty for `custom`. */
  version: z.string().regex(/^(?:\d{1,2}(?:\.\d{1,2})?)?$/),
});

/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftstorage */
const storageAccount = z.string().regex(/^[a-z0-9]{3,24}$/);

/** https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan */
const Flex = z.object({
  /** The container that packages go to, in the app's storage account. */
  packageContainer: z.string().regex(/^[a-z0-9](?:-?[a-z0-9]){2,62}$/),
  instanceMemoryMb: z.literal([512, 2_048, 4_096]).default(2_048),
  maximumInstances: z.int().min(1).max(1_000).default(100),
});

const Input = z.object({
  ...app,
  location: z.string().min(1).max(64),
  /** Of the same resource group. */
  plan: planName,
  os: z.enum(["linux", "windows"]).default("linux"),
  runtime: Runtime,
  /** The host keeps its locks and timers here; it gets there with the app's own identity, which needs a role there. */
  storageAccount,
  /** Set for a plan of the kind Flex Consumption. */
  flex: Flex.optional(),
  settings: z.record(z.string().min(1).max(256), z.string()).default({}),
});
export type NewApp = z.output<typeof Input>;

export const createApp = defineAction({
  summary: "Create a function app on a plan, with HTTPS only and an identity of its own",
  docs: "https://learn.microsoft.com/rest/api/appservice/web-apps/create-or-update",
  scopes: ["Microsoft.Web/sites/write", "Microsoft.Web/serverfarms/join/action"],
  effect: "write",
  idempotency: { kind: "natural", why: "a PUT of the same app; one that exists is refused before" },
  input: Input,
  output: Operation,
  async run(api, input) {
    const target = sitePath(api, input);
    await refuseExisting(
      api,
      target,
      "change it with update-settings, update-scale or deploy-package",
    );
    // Loaded on first use: what a function loads at its start is limited.
    const { templateOf } = await import("../../run/app-template.ts");
    const serverFarmId = resourceId(planPath(api, input.resourceGroup, input.plan));
    return change(api, { method: "PUT", path: target, json: templateOf(input, serverFarmId) });
  },
});
