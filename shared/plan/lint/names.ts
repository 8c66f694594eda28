import type { DeployManifest } from "../manifest.ts";
import type { Finding, LintCloud, LintInput, Subject } from "./finding.ts";

/** Names that a cloud does not take once its prefix is on them, and names that become one. */
export function physicalNames({ manifest, clouds }: LintInput): Finding[] {
  const subjects = subjectsOf(manifest);
  return [...repeated(manifest), ...clouds.flatMap((cloud) => inCloud(cloud, subjects))];
}

function subjectsOf(manifest: DeployManifest): Subject[] {
  return [
    ...named("function", manifest.functions),
    ...named("state", manifest.stores),
    ...named("queue", manifest.queues),
    ...named("topic", manifest.topics),
    ...named("blob", manifest.buckets),
    ...named(
      "secret",
      manifest.secrets.map((name) => ({ name })),
    ),
  ];
}

function named(kind: Subject["kind"], all: readonly { readonly name: string }[]): Subject[] {
  return all.map(({ name }) => ({ kind, name }));
}

function repeated({ functions }: DeployManifest): Finding[] {
  return functions
    .filter(({ name }, index) => functions.findIndex((other) => other.name === name) < index)
    .map(({ name }) => ({
      severity: "error",
      rule: "name",
      subject: { kind: "function", name },
      message: "is the name of two functions; rename one",
    }));
}

function inCloud(cloud: LintCloud, subjects: readonly Subject[]): Finding[] {
  const taken = new Map<string, Subject>();
  return subjects.flatMap((subject): Finding[] => {
    // What is only known at run time is at least one character.
    const least = { kind: subject.kind, name: subject.name.replaceAll("*", "x") };
    const physical = cloud.physicalName(least);
    if (physical === undefined) return [];
    const { name, pattern } = physical;
    if (!pattern.test(name)) {
      const message = `would be "${name}" on ${cloud.target}, which takes ${pattern.source}; rename it`;
      return [{ severity: "error", rule: "name", subject, message }];
    }
    const key = `${subject.kind} ${name}`;
    const other = taken.get(key);
    taken.set(key, subject);
    if (other === undefined || other.name === subject.name) return [];
    const message = `and "${other.name}" would both be "${name}" on ${cloud.target}; rename one`;
    return [{ severity: "error", rule: "name", subject, message }];
  });
}
