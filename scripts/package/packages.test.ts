import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DeployManifest } from "#shared/plan";
import { withEngine } from "#shared/testing";
import { afterAll, expect, it } from "vitest";
import { readFixtures, startSandbox } from "../../adapters/local/sandbox.ts";
import type { Cloud } from "../../esbuild.config.ts";
import { deployManifest } from "../build/deploy-manifest.ts";
import { readRegistry } from "../build/registry.ts";
import { startEngines } from "../engines/start-engines.ts";
import { golden, secrets, shapeOf, unknownRoute } from "./golden.ts";
import { makePackages, packagePath } from "./packages.ts";
import { runAws } from "./runners/aws.ts";
import { runAzure } from "./runners/azure.ts";
import { runGcp } from "./runners/gcp.ts";
import type { Runner } from "./runners/runner.ts";
import { startSecrets } from "./secret-engines.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const clouds = ["aws", "azure", "gcp"] as const;
const functions = [...new Set(golden.map(({ fn }) => fn))];
const runners = { aws: runAws, azure: runAzure, gcp: runGcp };
/** Azure's queues are in an account of their own, the others' behind a prefix. */
const prefixes = { aws: "auterity-test-", azure: "", gcp: "auterity-test-" };

const registry = await readRegistry(root);
const packages = mkdtempSync(join(tmpdir(), "auterity-packages-"));
afterAll(() => rmSync(packages, { recursive: true }));
await makePackages({ root, folder: packages, registry, clouds, stage: "test" });
const manifest = deployManifest(registry.deployables.map(({ definition }) => definition));

for (const cloud of clouds) {
  await withEngine(
    `the packages of ${cloud}`,
    () => startDeployment(cloud),
    (deployment) => {
      it.each(golden)(`${cloud} answers $name`, async ({ fn, request, answer }) => {
        expect(shapeOf(await deployment.request(fn, request))).toEqual(answer);
      });

      it(`${cloud} knows no other path`, async () => {
        const { status } = await deployment.request(unknownRoute.fn, unknownRoute.request);
        expect(status).toBe(404);
      });
    },
  );
}

/** What is deployed, on what stands for its cloud's services on this machine. Leaves nothing running when it fails. */
async function startDeployment(cloud: Cloud): Promise<Runner> {
  await using started = new AsyncDisposableStack();
  const prefix = prefixes[cloud];
  const engines = (await startEngines([cloud], prefixed(prefix)))[cloud];
  started.defer(() => engines?.stop());
  const vault = await startSecrets(cloud, secrets, prefix);
  started.defer(() => vault.stop());
  const sandbox = await startSandbox(readFixtures(join(root, "functions/integrations")));
  started.defer(() => sandbox.close());
  const folder = mkdtempSync(join(tmpdir(), "auterity-package-"));
  started.defer(() => rmSync(folder, { recursive: true, force: true }));
  const settings = {
    ...engines?.settings,
    ...vault.settings,
    AUTERITY_NAME_PREFIX: prefix,
    AUTERITY_BUCKET_PREFIX: "auterity-test-",
    AUTERITY_SANDBOX_URL: sandbox.url,
  };
  const packageOf = (fn: string): string => packagePath(packages, cloud, fn);
  const runner = await runners[cloud]({ packageOf, functions, folder, settings });
  started.defer(() => runner.stop());
  const running = started.move();
  return {
    request: (fn, input) => runner.request(fn, input),
    stop: () => running.disposeAsync(),
  };
}

function prefixed(prefix: string): DeployManifest {
  const queues = manifest.queues.map((queue) =>
    Object.assign({}, queue, { name: prefix + queue.name }),
  );
  return { ...manifest, queues };
}
