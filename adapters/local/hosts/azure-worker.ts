import { randomUUID } from "node:crypto";
import { registerHooks } from "node:module";
import {
  type CoreContext,
  type CoreModule,
  coreSymbol,
  type Handler,
  type Hook,
  type Metadata,
  type ProgrammingModel,
  type TypedData,
} from "./azure-core.ts";

/** One invocation as the host asks for it: the trigger's value and what is known about it. */
export type WorkerTrigger = {
  readonly data: TypedData;
  readonly triggerMetadata?: Readonly<Record<string, TypedData>>;
};

/** What the worker tells the host; the text of a failure is for the log only. */
export type WorkerAnswer =
  | { readonly status: "success"; readonly returnValue: unknown }
  | { readonly status: "failure" };

type Registered = { readonly metadata: Metadata; readonly handler: Handler };

/**
 * The Azure Functions Node worker without its gRPC: the `@azure/functions-core` module that the host injects, the
 * registry behind it, and the order of an invocation (hooks before, function, hooks after, response).
 * https://github.com/Azure/azure-functions-nodejs-worker/blob/v4.x/src/eventHandlers/InvocationHandler.ts
 */
export class AzureWorker {
  readonly #functions = new Map<string, Registered>();
  readonly #hooks = new Map<string, Hook[]>();
  readonly #log: (line: string) => void;
  #model: ProgrammingModel | undefined;

  private constructor(log: (line: string) => void) {
    this.#log = log;
  }

  /**
   * Makes `@azure/functions-core` importable. Must run before `@azure/functions` registers anything; a process has
   * one worker. `log` gets what functions write through their context.
   */
  static install(log: (line: string) => void): AzureWorker {
    const worker = new AzureWorker(log);
    Reflect.set(globalThis, coreSymbol, worker.#core());
    const url = "azure-functions:core";
    registerHooks({
      resolve: (specifier, context, next) =>
        specifier === "@azure/functions-core"
          ? { url, format: "commonjs", shortCircuit: true }
          : next(specifier, context),
      load: (address, context, next) =>
        address === url
          ? {
              format: "commonjs",
              source: `module.exports = globalThis[Symbol.for("${coreSymbol.description}")]`,
              shortCircuit: true,
            }
          : next(address, context),
    });
    return worker;
  }

  /** Registered functions, in order. */
  get functions(): readonly Metadata[] {
    return [...this.#functions.values()].map(({ metadata }) => metadata);
  }

  /** What the host sends when all functions are registered. Throws when the app registered none. */
  async start(): Promise<void> {
    await this.#theModel().getCapabilities({});
    await this.#runHooks("appStart", {});
  }

  /** Runs one invocation. Never rejects: a failure is an answer. */
  async invoke(name: string, trigger: WorkerTrigger): Promise<WorkerAnswer> {
    const registered = this.#functions.get(name);
    if (registered === undefined) {
      this.#log(`worker: there is no function "${name}"`);
      return { status: "failure" };
    }
    try {
      return { status: "success", returnValue: await this.#run(registered, trigger) };
    } catch (error) {
      this.#log(
        `worker: ${name} failed: ${error instanceof Error ? error.message : String(error)}`,
      );
      return { status: "failure" };
    }
  }

  async #run({ metadata, handler }: Registered, trigger: WorkerTrigger): Promise<unknown> {
    const core = this.#coreContext(metadata, trigger);
    const model = this.#theModel().getInvocationModel(core);
    const { context, inputs } = await model.getArguments();
    const shared = { hookData: {}, appHookData: {}, invocationContext: context };
    const before = { ...shared, functionCallback: handler, inputs };
    core.state = "preInvocationHooks";
    await this.#runHooks("preInvocation", before);
    const after = {
      ...shared,
      inputs: before.inputs,
      result: null as unknown,
      error: null as unknown,
    };
    core.state = "invocation";
    try {
      after.result = await model.invokeFunction(context, before.inputs, before.functionCallback);
    } catch (error) {
      // Anything can be thrown, and null would read as success below.
      after.error = error ?? new Error(`the function threw ${String(error)}`);
    }
    core.state = "postInvocationHooks";
    await this.#runHooks("postInvocation", after);
    if (after.error !== null) throw after.error;
    return (await model.getResponse(context, after.result)).returnValue;
  }

  #coreContext(metadata: Metadata, { data, triggerMetadata }: WorkerTrigger): CoreContext {
    const [name = ""] =
      Object.entries(metadata.bindings).find(([, { type }]) => /trigger$/i.test(type)) ?? [];
    return {
      invocationId: randomUUID(),
      metadata,
      request: { inputData: [{ name, data }], triggerMetadata },
      state: undefined,
      log: (_, category, message) => {
        if (category === "user") this.#log(message);
      },
    };
  }

  #theModel(): ProgrammingModel {
    if (this.#model === undefined) throw new Error("the app registered no function");
    return this.#model;
  }

  async #runHooks(name: string, context: Record<string, unknown>): Promise<void> {
    for (const hook of this.#hooks.get(name) ?? []) await hook(context);
  }

  #core(): CoreModule {
    return {
      version: "3.11.0",
      hostVersion: "4.1040.0",
      Disposable,
      registerFunction: (metadata, handler) => {
        this.#functions.set(metadata.name, { metadata, handler });
        return new Disposable(() => this.#functions.delete(metadata.name));
      },
      registerHook: (name, hook) => {
        this.#hooks.set(name, [...(this.#hooks.get(name) ?? []), hook]);
        return new Disposable(() => {
          const others = (this.#hooks.get(name) ?? []).filter((other) => other !== hook);
          this.#hooks.set(name, others);
        });
      },
      setProgrammingModel: (model) => {
        this.#model = model;
      },
      getProgrammingModel: () => this.#theModel(),
      log: () => undefined,
    };
  }
}

class Disposable {
  readonly #end: () => void;

  constructor(end: () => void) {
    this.#end = end;
  }

  dispose(): void {
    this.#end();
  }
}
