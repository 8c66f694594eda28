import { type ChildProcess, spawn } from "node:child_process";
import awsAdapter from "../../../adapters/aws/adapter.ts";
import { LambdaRuntimeApi } from "../../../adapters/local/hosts/lambda-runtime-api.ts";
import { lambdaEnvironment, runtimeClient } from "../../ric/runtime-client.ts";
import { type Runner, type RunnerOptions, TIMEOUT_MS, unpack } from "./runner.ts";

const { http } = awsAdapter.codecs;

/** Each function in a process of its own under `aws-lambda-ric`, as in Lambda. */
export async function runAws(options: RunnerOptions): Promise<Runner> {
  const { functions, folder, packageOf, settings } = options;
  const { program, execArgv } = runtimeClient();
  const running = new Map<string, { api: LambdaRuntimeApi; child: ChildProcess }>();
  for (const name of functions) {
    const api = new LambdaRuntimeApi(name);
    const task = unpack(packageOf(name), folder, name);
    const child = spawn(process.execPath, [...execArgv, program], {
      cwd: task,
      env: { ...lambdaEnvironment(name, task, await api.listen()), ...settings },
      stdio: ["ignore", "ignore", "inherit"],
    });
    running.set(name, { api, child });
  }
  return {
    async request(fn, input) {
      const text = await running.get(fn)?.api.invoke(http.emulate(input), TIMEOUT_MS);
      return http.render(JSON.parse(text ?? "null"));
    },
    async stop() {
      for (const { api, child } of running.values()) {
        child.kill("SIGKILL");
        await api.close();
      }
    },
  };
}
