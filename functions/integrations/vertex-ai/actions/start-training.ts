import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import {
  displayName,
  environment,
  gcs,
  labels,
  machine,
  machineSpec,
  variablesOf,
} from "../client.ts";
import { Training, TrainingAnswer } from "./get-training.ts";

const image = z.string().regex(/^[\w./:@-]{3,500}$/);

/** https://cloud.google.com/vertex-ai/docs/training/code-requirements */
const program = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("container"), image, command: z.array(z.string()).optional() }),
  z.object({
    kind: z.literal("python"),
    /** https://cloud.google.com/vertex-ai/docs/training/pre-built-containers */
    image,
    packages: z.array(gcs).min(1).max(100),
    module: z.string().regex(/^[A-Za-z_][\w.]{0,200}$/),
  }),
]);

export const startTraining = defineAction({
  summary: "Run a training program of one's own, on one machine or many",
  docs: "https://cloud.google.com/vertex-ai/docs/training/create-custom-job",
  scopes: ["aiplatform.customJobs.create"],
  effect: "write",
  idempotency: {
    kind: "none",
    why: "Vertex takes no key; give the training a label and look for it with list-trainings before the next try",
  },
  input: z.object({
    title: displayName,
    program,
    args: z.array(z.string()).max(1_000).optional(),
    env: environment.optional(),
    /** The first has the one that leads; then workers, parameter servers and evaluators. */
    pools: z
      .array(
        z.object({
          machine,
          replicas: z.int().min(1).max(1_000).default(1),
          diskGb: z.int().min(100).max(64_000).optional(),
        }),
      )
      .min(1)
      .max(4),
    /** Becomes `AIP_MODEL_DIR` and its like. */
    output: gcs.optional(),
    /** 7 days where it is left out. */
    timeoutSeconds: z.int().min(60).max(2_592_000).optional(),
    /** https://cloud.google.com/vertex-ai/docs/training/use-spot-vms */
    spot: z.boolean().default(false),
    serviceAccount: z.email().optional(),
    labels: labels.optional(),
  }),
  output: Training,
  run: (api, { title, pools, output, timeoutSeconds, spot, serviceAccount, ...given }) =>
    api.request({
      method: "POST",
      path: path`/customJobs`,
      json: {
        displayName: title,
        labels: given.labels,
        jobSpec: {
          workerPoolSpecs: pools.map((pool) => ({
            machineSpec: machineSpec(pool.machine),
            replicaCount: String(pool.replicas),
            diskSpec: pool.diskGb === undefined ? undefined : { bootDiskSizeGb: pool.diskGb },
            containerSpec: containerOf(given),
            pythonPackageSpec: packageOf(given),
          })),
          baseOutputDirectory: output === undefined ? undefined : { outputUriPrefix: output },
          scheduling:
            timeoutSeconds === undefined && !spot
              ? undefined
              : {
                  timeout: timeoutSeconds === undefined ? undefined : `${timeoutSeconds}s`,
                  strategy: spot ? "SPOT" : undefined,
                },
          serviceAccount,
        },
      },
      response: TrainingAnswer,
    }),
});

type Given = {
  readonly program: z.output<typeof program>;
  readonly args?: readonly string[] | undefined;
  readonly env?: z.infer<typeof environment> | undefined;
};

function containerOf({ program: given, args, env }: Given) {
  if (given.kind !== "container") return undefined;
  const { image: imageUri, command } = given;
  return { imageUri, command, args, env: variablesOf(env) };
}

function packageOf({ program: given, args, env }: Given) {
  if (given.kind !== "python") return undefined;
  const { image: executorImageUri, packages: packageUris, module: pythonModule } = given;
  return { executorImageUri, packageUris, pythonModule, args, env: variablesOf(env) };
}
