import { Fault } from "#shared/errors";

/** What a cloud takes as the name of one kind of resource. */
export type NameRule = {
  /** As it is called in a message, such as `Azure storage account`. */
  readonly what: string;
  readonly minLength: number;
  readonly maxLength: number;
  readonly pattern: RegExp;
};

/**
 * The names that things of ours get in a cloud, by our names. Throws `invalid_argument` naming ours where a cloud would
 * not take one, or where two of ours would be one there.
 */
export function physicalNames(
  rule: NameRule,
  names: readonly string[],
  toPhysical: (name: string) => string,
): ReadonlyMap<string, string> {
  const taken = new Map<string, string>();
  return new Map(
    names.map((name) => {
      const physical = toPhysical(name);
      checkName(rule, name, physical);
      const other = taken.get(physical);
      if (other !== undefined && other !== name) {
        throw unfit(rule, name, `and "${other}" would both be "${physical}"; rename one`);
      }
      taken.set(physical, name);
      return [name, physical];
    }),
  );
}

function checkName(rule: NameRule, name: string, physical: string): void {
  const { minLength, maxLength, pattern } = rule;
  if (physical.length > maxLength || physical.length < minLength) {
    const length = `${physical.length} characters`;
    throw unfit(
      rule,
      name,
      `would be "${physical}" with ${length}, and ${minLength} to ${maxLength} are taken; change the name or the stage's`,
    );
  }
  if (!pattern.test(physical)) {
    throw unfit(
      rule,
      name,
      `would be "${physical}", which does not match ${pattern.source}; rename it`,
    );
  }
}

function unfit({ what }: NameRule, name: string, why: string): Fault {
  return new Fault("invalid_argument", `plan.names: ${what} "${name}" ${why}`);
}
