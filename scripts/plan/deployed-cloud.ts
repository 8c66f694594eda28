import type { FunctionDefinition, Ports, Schedule, Target } from "#shared/function";
import type { CloudLimits } from "#shared/host";
import {
  type CloudPermissions,
  type CloudState,
  type DeployManifest,
  forTarget,
} from "#shared/plan";
import aws from "../../adapters/aws/adapter.ts";
import { awsQueue } from "../../adapters/aws/services/queue.ts";
import azure from "../../adapters/azure/adapter.ts";
import { azureQueue } from "../../adapters/azure/services/queue.ts";
import gcp from "../../adapters/gcp/adapter.ts";
import { gcpQueue } from "../../adapters/gcp/services/queue.ts";
import { type Arguments, readResources, shownResources } from "./rendered-resources.ts";
import { renderedSettings, type Settings } from "./rendered-settings.ts";

/** What a cloud is going to be told to make, and by what its services differ from those of the others. */
export type DeployedCloud = {
  readonly target: Target;
  /** The functions that go there, and the manifest's part for them. */
  readonly functions: readonly FunctionDefinition[];
  readonly manifest: DeployManifest;
  readonly limits: CloudLimits;
  /** A schedule as the cloud writes it. */
  readonly compileSchedule: (schedule: Schedule) => string;
  /** The queue's driver that its settings choose. */
  readonly queue: Pick<Ports["queue"], "maxDelaySeconds" | "maxBodyBytes">;
  /** All its functions' settings together. */
  readonly settings: Settings;
  /** The resources as they are rendered, by type and label. */
  readonly resources: ReadonlyMap<string, Arguments>;
  readonly state: CloudState;
};

/** Where there are no queues, no settings name their driver. */
const NO_QUEUE: DeployedCloud["queue"] = { maxDelaySeconds: 0, maxBodyBytes: 0 };

/** Plain data and pure functions of each cloud. */
const clouds = {
  aws: { adapter: aws, queue: async (settings: Settings) => awsQueue(settings) },
  azure: { adapter: azure, queue: async (settings: Settings) => azureQueue(settings, Date) },
  gcp: { adapter: gcp, queue: gcpQueue },
} as const;

/** Reads a cloud's renderings back; what was rendered is what counts. */
export async function deployedCloud(
  target: Target,
  definitions: readonly FunctionDefinition[],
  whole: DeployManifest,
  rendered: {
    readonly files: ReadonlyMap<string, string>;
    readonly permissions: CloudPermissions;
  },
): Promise<DeployedCloud> {
  const settings = Object.assign({}, ...renderedSettings(rendered.files).values());
  const { adapter, queue } = clouds[target];
  const resources = readResources(rendered.files);
  const manifest = forTarget(whole, target);
  return {
    target,
    functions: definitions.filter(({ targets }) => targets.includes(target)),
    manifest,
    limits: adapter.limits,
    compileSchedule: (schedule) => adapter.codecs.schedule.compile(schedule),
    queue: manifest.queues.length === 0 ? NO_QUEUE : await queue(settings),
    settings,
    resources,
    state: {
      resources: shownResources(resources),
      permissions: Object.fromEntries(
        [...rendered.permissions].map(([name, all]) => [
          name,
          Object.fromEntries(all.map(({ resource, actions }) => [resource, [...actions]])),
        ]),
      ),
    },
  };
}
