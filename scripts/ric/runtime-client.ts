import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const installed = join(root, ".build/ric");

/** A program that runs a function as Lambda's own runtime client does. */
export type RuntimeClient = {
  readonly program: string;
  /** Node's options, which put HTTP in the place of the client's native part. */
  readonly execArgv: readonly string[];
};

/** Amazon's own runtime client, as published and installed once; see package.json for why its install scripts do not run. */
export function runtimeClient(): RuntimeClient {
  const program = join(installed, "node_modules/aws-lambda-ric/index.mjs");
  if (!existsSync(program)) install();
  return { program, execArgv: ["--require", join(root, "scripts/ric/native-client.cjs")] };
}

function install(): void {
  mkdirSync(installed, { recursive: true });
  for (const file of ["package.json", "package-lock.json", ".npmrc"]) {
    copyFileSync(join(root, "scripts/ric", file), join(installed, file));
  }
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
  const { status, stderr } = spawnSync("npm", args, { cwd: installed, encoding: "utf8" });
  if (status !== 0) throw new Error(`npm ci of aws-lambda-ric failed: ${stderr}`);
}

/** What Lambda puts into the environment of a function whose code is in `folder`. */
export function lambdaEnvironment(name: string, folder: string, runtimeApi: string) {
  return {
    PATH: process.env["PATH"],
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: "test",
    LAMBDA_TASK_ROOT: folder,
    _HANDLER: `${name}.handler`,
  };
}
