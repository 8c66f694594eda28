import type { WorkflowOptions } from "./options.ts";
import { type ActionName } from "./options.ts";
import type { Yaml } from "./yaml.ts";

export type Steps = { readonly [name: string]: Yaml }[];

/** What is usual for a stack. A docker build is an action, not a command. */
type Stack = {
  readonly version: string;
  readonly install?: string;
  readonly build?: string;
  readonly test: string;
  /** https://docs.github.com/code-security/reference/code-scanning/codeql/codeql-cli */
  readonly language: string;
  readonly setup?: readonly [ActionName, (version: string) => { readonly [name: string]: Yaml }];
};

const stacks: Readonly<Record<WorkflowOptions["stack"], Stack>> = {
  node: {
    version: "24",
    language: "javascript-typescript",
    install: "npm ci",
    build: "npm run build --if-present",
    test: "npm test",
    setup: [
      "actions/setup-node",
      (version) => ({
        "node-version": version,
        cache: "npm",
      }),
    ],
  },
  python: {
    version: "3.13",
    language: "python",
    install: "python -m pip install build pytest\npython -m pip install -e .",
    build: "python -m build",
    test: "python -m pytest",
    setup: ["actions/setup-python", (version) => ({ "python-version": version })],
  },
  java: {
    version: "21",
    language: "java-kotlin",
    build: "mvn --batch-mode --no-transfer-progress package -DskipTests",
    test: "mvn --batch-mode --no-transfer-progress verify",
    setup: [
      "actions/setup-java",
      (version) => ({
        distribution: "temurin",
        "java-version": version,
        cache: "maven",
      }),
    ],
  },
  go: {
    version: "stable",
    language: "go",
    build: "go build ./...",
    test: "go test -race ./...",
    setup: ["actions/setup-go", (version) => ({ "go-version": version })],
  },
  docker: { version: "", language: "actions", test: "docker build --target test ." },
};

/** The version tags that actions are pinned to unless the caller pins them. */
const tags: Readonly<Record<ActionName, string>> = {
  "actions/checkout": "v5",
  "actions/setup-node": "v6",
  "actions/setup-python": "v6",
  "actions/setup-java": "v5",
  "actions/setup-go": "v6",
  "actions/upload-artifact": "v5",
  "actions/download-artifact": "v6",
  "actions/dependency-review-action": "v4",
  "anchore/scan-action": "v6",
  "docker/build-push-action": "v6",
  "docker/setup-buildx-action": "v3",
  "github/codeql-action": "v4",
};

/** `uses` of an action or one below it, pinned. */
export function uses({ pins }: WorkflowOptions, name: ActionName, below = ""): string {
  return `${name}${below}@${pins[name] ?? tags[name]}`;
}

/** The source, without leaving a credential in it for later steps. */
export function checkout(options: WorkflowOptions): Steps {
  return [{ uses: uses(options, "actions/checkout"), with: { "persist-credentials": false } }];
}

/** The versions of the language: those asked for, or the usual one. */
export function versionsOf({ stack, versions }: WorkflowOptions): readonly string[] {
  return versions ?? [stacks[stack].version];
}

/** Source, language and dependencies. */
export function prepare(options: WorkflowOptions, version: string): Steps {
  const { setup, install } = stacks[options.stack];
  const run = options.commands.install ?? install;
  return [
    ...checkout(options),
    ...(setup === undefined ? [] : [{ uses: uses(options, setup[0]), with: setup[1](version) }]),
    ...(run === undefined ? [] : [{ name: "Install", run }]),
  ];
}

/** A build, and what of it is kept. */
export function build(options: WorkflowOptions): Steps {
  const { artifactPath, commands, stack } = options;
  const run = commands.build ?? stacks[stack].build;
  const image: Steps = [
    { uses: uses(options, "docker/setup-buildx-action") },
    {
      uses: uses(options, "docker/build-push-action"),
      with: { context: ".", push: false, load: true, tags: "scanned:latest" },
    },
  ];
  const kept = {
    uses: uses(options, "actions/upload-artifact"),
    with: { name: "build", path: artifactPath, "retention-days": 7, "if-no-files-found": "error" },
  };
  return [
    ...(run === undefined ? image : [{ name: "Build", run }]),
    ...(artifactPath === undefined ? [] : [kept]),
  ];
}

/** What the build kept, so that it is deployed as it was tested. */
export function fetchBuilt(options: WorkflowOptions): Steps {
  const { artifactPath, jobs } = options;
  if (artifactPath === undefined || !jobs.includes("build")) return [];
  // A file is put into a folder.
  const path = artifactPath.replace(/[^/]+\.\w+$|\*.*$/, "") || ".";
  return [{ uses: uses(options, "actions/download-artifact"), with: { name: "build", path } }];
}

/** The tests. */
export function test({ commands, stack }: WorkflowOptions): Steps {
  return [{ name: "Test", run: commands.test ?? stacks[stack].test }];
}

/** Code scanning with CodeQL: https://docs.github.com/code-security/reference/code-scanning/workflow-configuration-options */
export function analyse(options: WorkflowOptions): Steps {
  const { language } = stacks[options.stack];
  const mode = language === "go" ? "autobuild" : "none";
  return [
    ...checkout(options),
    {
      uses: uses(options, "github/codeql-action", "/init"),
      with: { languages: language, "build-mode": mode },
    },
    { uses: uses(options, "github/codeql-action", "/analyze") },
  ];
}

/** The packages within an image, told to code scanning. */
export function scanImage(options: WorkflowOptions): Steps {
  return [
    ...checkout(options),
    ...build({ ...options, artifactPath: undefined }),
    {
      id: "scan",
      uses: uses(options, "anchore/scan-action"),
      with: { image: "scanned:latest", "fail-build": false, "output-format": "sarif" },
    },
    {
      uses: uses(options, "github/codeql-action", "/upload-sarif"),
      with: { sarif_file: "${{ steps.scan.outputs.sarif }}", category: "image" },
    },
  ];
}
