/**
 * The parts of `@azure/functions-core` that the v4 programming model uses. The module exists only inside the
 * worker; its types are published with it.
 * https://github.com/Azure/azure-functions-nodejs-worker/tree/v4.x/types-core
 */
export type CoreModule = {
  readonly version: string;
  readonly hostVersion: string;
  readonly Disposable: unknown;
  registerFunction(metadata: Metadata, handler: Handler): unknown;
  registerHook(name: string, hook: Hook): unknown;
  setProgrammingModel(model: ProgrammingModel): void;
  getProgrammingModel(): ProgrammingModel;
  log(level: string, category: string, message: string): void;
};

/** Where the module's exports wait for whoever requires it. */
export const coreSymbol = Symbol.for("auterity.azure-functions-core");

/** One value between host and worker: `{ string }`, `{ json }`, `{ bytes }` or `{ http }`. */
export type TypedData = Readonly<Record<string, unknown>>;

export type Binding = {
  readonly type: string;
  readonly direction: string;
  /** Of an HTTP trigger, without a leading slash. */
  readonly route?: string;
  readonly methods?: readonly string[];
};

/** A function as it was registered: its name, and its bindings by name. */
export type Metadata = {
  readonly name: string;
  readonly bindings: Readonly<Record<string, Binding>>;
};

export type Handler = (...inputs: readonly unknown[]) => unknown;

export type Hook = (context: Record<string, unknown>) => unknown;

/** What `@azure/functions` gives the worker: everything between the wire and the function. */
export type ProgrammingModel = {
  getInvocationModel(core: CoreContext): InvocationModel;
  getCapabilities(capabilities: object): Promise<object>;
};

export type InvocationModel = {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], handler: Handler): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<{ readonly returnValue?: unknown }>;
};

/** What the worker tells the model about one invocation. */
export type CoreContext = {
  readonly invocationId: string;
  readonly metadata: Metadata;
  readonly request: {
    readonly inputData: readonly { readonly name: string; readonly data: TypedData }[];
    readonly triggerMetadata: Readonly<Record<string, TypedData>> | undefined;
  };
  state: "preInvocationHooks" | "invocation" | "postInvocationHooks" | undefined;
  log(level: string, category: string, message: string): void;
};
