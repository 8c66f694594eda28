import { Fault } from "#shared/errors";
import type { ClientScope, Grant } from "#shared/function";
import { only } from "#shared/portable";
import { type ModelPorts, Models } from "./models.ts";
import type { Task } from "./offer.ts";

/** What a function may be granted: the names of the methods. */
export type ModelVerb = "chat" | "stream" | "embed";

/** A use of models as a value: for which task, and how good they must be at it. Which one it is a deployment decides. */
export interface ModelsRef {
  readonly kind: "models";
  readonly name: string;
  readonly task: Task;
  readonly quality: number;
  readonly cacheShare: number;
  /** The permission for some verbs, for `uses`; the client has exactly these methods. */
  grant<const Verb extends ModelVerb>(...verbs: Verb[]): Grant<Pick<Models, Verb>>;
}

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** Declares a use of models. Pure data. Throws `invalid_argument` for a name or a bar that makes no sense. */
export function models(
  name: string,
  options: {
    readonly task: Task;
    /** The least quality, 0 to 1; what the embedded method reaches where it is left out, so that it works without a key. */
    readonly quality?: number;
    /** The share of prompts that repeats and that a vendor's cache may hold; 0 where it is left out. */
    readonly cacheShare?: number;
  },
): ModelsRef {
  const { task, quality = 0.1, cacheShare = 0 } = options;
  if (!NAME.test(name)) {
    throw new Fault(
      "invalid_argument",
      `models.define: "${name}" is no portable name; use kebab-case`,
    );
  }
  if (![quality, cacheShare].every((share) => share >= 0 && share <= 1)) {
    throw new Fault(
      "invalid_argument",
      `models.define: quality and cacheShare of "${name}" must be from 0 to 1; correct them`,
    );
  }
  const ref: ModelsRef = {
    kind: "models",
    name,
    task,
    quality,
    cacheShare,
    grant: (...verbs) => ({
      kind: "models",
      resource: name,
      verbs,
      connect: (ports, scope) => only(openModels(ref, ports, scope), verbs),
    }),
  };
  return ref;
}

/** All of a use of models on behalf of an invocation, for code that is no function. */
export function openModels(ref: ModelsRef, ports: ModelPorts, scope: ClientScope): Models {
  return new Models(ref, ports, scope);
}
