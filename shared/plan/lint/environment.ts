import type { Finding, LintInput } from "./finding.ts";

/** Settings that do not fit a function's environment. */
export function environmentSizes({ clouds, environments }: LintInput): Finding[] {
  return clouds.flatMap(({ target, maxEnvironmentBytes }) =>
    [...(environments.get(target) ?? [])].flatMap(([name, settings]): Finding[] => {
      const bytes = Object.entries(settings).reduce(
        (total, [key, value]) => total + Buffer.byteLength(key) + Buffer.byteLength(value),
        0,
      );
      if (bytes <= maxEnvironmentBytes) return [];
      const message = `its settings take ${bytes} bytes and ${target} gives ${maxEnvironmentBytes}; read long values from a secret or a bucket`;
      const subject = { kind: "function", name } as const;
      return [{ severity: "error", rule: "environment", subject, message }];
    }),
  );
}
