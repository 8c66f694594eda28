import { checkParameters, type Finding, scalar } from "./check-parameters.ts";
import type { Exception, Operation, Schema } from "./contract.ts";
import { type Asked, findOperation, matchPath } from "./path-template.ts";
import type { Definitions } from "./reachable.ts";
import { SchemaChecks } from "./schema-checks.ts";

/** What a vendor is said to do: a slice of it, or all. */
export type Described = {
  readonly operations: readonly Operation[];
  readonly definitions: Definitions;
};

/** A request as it went out. At most one of `json` and `form` is there. */
export type SentRequest = Asked & {
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string | readonly string[]>>;
  /** Of a body that is neither, such as an upload. */
  readonly contentType?: string;
};

export type GivenResponse = { readonly status: number; readonly json?: unknown };

/** A request or response that is not as the vendor describes it. */
export type Violation = Finding & { readonly method: string; readonly path: string };

/** What was looked at. */
export type CheckedCounts = {
  readonly requests: number;
  readonly responses: number;
  readonly operations: number;
  /** Findings that an exception accounts for. */
  readonly excused: number;
};

/** Holds exchanges with a vendor to its description, and keeps count. */
export class ContractCheck {
  readonly #described: Described;
  readonly #exceptions: readonly Exception[];
  readonly #checks: SchemaChecks;
  readonly #used = new Set<Exception>();
  readonly #operations = new Set<Operation>();
  #requests = 0;
  #responses = 0;
  #excused = 0;

  constructor(described: Described, exceptions: readonly Exception[] = []) {
    this.#described = described;
    this.#exceptions = exceptions;
    this.#checks = new SchemaChecks(described.definitions);
  }

  /** What is wrong with an exchange, exceptions left out. */
  exchange(request: SentRequest, response: GivenResponse): Violation[] {
    const operation = findOperation(this.#described.operations, request);
    this.#requests += 1;
    this.#responses += 1;
    if (operation !== undefined) this.#operations.add(operation);
    const { method, path } = operation ?? request;
    const findings =
      operation === undefined
        ? [{ at: "", message: "no such operation is described" }]
        : [
            ...checkParameters(this.#checks, operation, request),
            ...this.#body(operation, request),
            ...this.#response(operation, response),
          ];
    return findings
      .map(({ at, message }) => ({ method, path, at, message }))
      .filter((violation) => !this.#isExcused(violation, request.path));
  }

  get counts(): CheckedCounts {
    return {
      requests: this.#requests,
      responses: this.#responses,
      operations: this.#operations.size,
      excused: this.#excused,
    };
  }

  /** Exceptions that excused nothing: the vendor's description, or our use, has changed. */
  idleExceptions(): Exception[] {
    return this.#exceptions.filter((exception) => !this.#used.has(exception));
  }

  #body({ body }: Operation, request: SentRequest): Finding[] {
    const type = typeSent(request);
    if (type === undefined) {
      return body?.required === true ? [{ at: "body", message: "is required" }] : [];
    }
    if (body === undefined) return [{ at: "body", message: "is not described" }];
    const described = mediaTypeOf(body.content, request);
    const schema = described === undefined ? undefined : body.content[described];
    if (schema === undefined) return [{ at: "body", message: `is not described as ${type}` }];
    const { json, form } = request;
    if (json !== undefined) return this.#misfits("body", schema, "request", json);
    return form === undefined ? [] : this.#form(schema, form);
  }

  /** A form is all text; a field that does not fit as text may fit as what the text stands for. */
  #form(schema: Schema, form: NonNullable<SentRequest["form"]>): Finding[] {
    const asText = this.#misfits("body", schema, "request", form);
    if (asText.length === 0) return asText;
    const wrong = new Set(asText.map(({ at }) => at));
    const read = Object.entries(form).map(([name, text]) => [
      name,
      typeof text === "string" && wrong.has(`body /${name}`) ? scalar(text) : text,
    ]);
    return this.#misfits("body", schema, "request", Object.fromEntries(read));
  }

  #response({ responses }: Operation, { status, json }: GivenResponse): Finding[] {
    const content =
      responses[status] ?? responses[`${Math.trunc(status / 100)}XX`] ?? responses["default"];
    if (content === undefined) return [{ at: `response ${status}`, message: "is not described" }];
    if (json === undefined) return [];
    const type = fitting(content, "application/json");
    const schema = type === undefined ? undefined : content[type];
    if (schema === undefined) return [{ at: "response", message: "has no JSON described" }];
    return this.#misfits("response", schema, "response", json);
  }

  #misfits(part: string, schema: Schema, side: "request" | "response", value: unknown): Finding[] {
    return this.#checks
      .check(schema, side, value)
      .map(({ pointer, message }) => ({ at: `${part} ${pointer}`.trim(), message }));
  }

  #isExcused({ method, path, at }: Violation, asked: string): boolean {
    const exception = this.#exceptions.find(
      (one) =>
        one.method === method &&
        one.at === at &&
        (at === "" ? matchPath(one.path, asked) !== undefined : one.path === path),
    );
    if (exception === undefined) return false;
    this.#used.add(exception);
    this.#excused += 1;
    return true;
  }
}

/** By which of the described media types a request sends its body; `undefined` where there is none that it could be. */
export function mediaTypeOf(
  content: Readonly<Record<string, Schema>>,
  request: SentRequest,
): string | undefined {
  const type = typeSent(request);
  return type === undefined ? undefined : fitting(content, type);
}

function typeSent({ json, form, contentType }: SentRequest): string | undefined {
  if (json !== undefined) return "application/json";
  return form === undefined ? contentType : "application/x-www-form-urlencoded";
}

/** JSON goes by many names; what a vendor takes as anything it takes as this. */
function fitting(content: Readonly<Record<string, Schema>>, type: string): string | undefined {
  return Object.keys(content).find(
    (one) => one.split(";")[0] === type || one === "*/*" || (isJson(type) && isJson(one)),
  );
}

function isJson(type: string): boolean {
  return /^(?:[^;]*[/+]json|application\/x-amz-json-[\d.]+)(?:;|$)/.test(type);
}
