import type { FunctionDefinition, Schedule, Target } from "#shared/function";
import type { CloudLimits } from "#shared/host";
import type { DeployManifest, Permission } from "../manifest.ts";

/** What a finding is about: a function, or a resource by its kind. */
export type Subject = {
  readonly kind: "function" | Exclude<Permission["kind"], "action">;
  readonly name: string;
};

/** Something in the definitions that a cloud would refuse or understand otherwise than it is meant. */
export type Finding = {
  /** An error stops the build; a note only tells. */
  readonly severity: "error" | "note";
  readonly rule: string;
  readonly subject: Subject;
  /** `<what is wrong>; <way out>`. */
  readonly message: string;
};

/** A name as a cloud will have it, and what that cloud takes. */
export type PhysicalName = { readonly name: string; readonly pattern: RegExp };

/** What the rules need to know of a cloud; plain data and pure functions. */
export type LintCloud = {
  readonly target: Target;
  readonly limits: CloudLimits;
  readonly schedule: {
    compile(schedule: Schedule): string;
    parse(expression: string): string;
  };
  /** The name of a function or resource in the stage with the longest name; `undefined` where it makes none. */
  physicalName(subject: Subject): PhysicalName | undefined;
  readonly maxEnvironmentBytes: number;
};

/** The settings that environments will hold, by cloud and function; nothing where none are rendered. */
export type Environments = ReadonlyMap<
  Target,
  ReadonlyMap<string, Readonly<Record<string, string>>>
>;

export type LintInput = {
  readonly functions: readonly FunctionDefinition[];
  readonly manifest: DeployManifest;
  readonly clouds: readonly LintCloud[];
  readonly environments: Environments;
};

/** The clouds that a function is deployed to. */
export function cloudsOf(
  { clouds }: Pick<LintInput, "clouds">,
  { targets }: Pick<FunctionDefinition, "targets">,
): readonly LintCloud[] {
  return clouds.filter(({ target }) => targets.includes(target));
}
