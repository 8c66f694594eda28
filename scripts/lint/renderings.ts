import { Fault } from "#shared/errors";
import type { Target } from "#shared/function";
import type { DeployManifest, Environments, Finding } from "#shared/plan";
import { COMMITTED } from "../infra/render.ts";
import { render } from "../plan/rendered.ts";
import { renderedSettings } from "../plan/rendered-settings.ts";

/** What rendering told of a manifest: what a cloud cannot do, and the environments of what it can. */
export type Renderings = {
  readonly findings: readonly Finding[];
  readonly environments: Environments;
};

/** Renders a manifest for every cloud; a refusal is a finding about the first thing that it names. */
export function checkRenderings(manifest: DeployManifest): Renderings {
  const findings: Finding[] = [];
  const environments = new Map<Target, ReturnType<typeof renderedSettings>>();
  for (const target of ["aws", "azure", "gcp"] as const) {
    try {
      const { files } = render[target](manifest, COMMITTED.stage);
      environments.set(target, renderedSettings(files));
    } catch (thrown) {
      if (!Fault.is(thrown)) throw thrown;
      findings.push(refusal(thrown));
    }
  }
  return { findings, environments };
}

function refusal({ message }: Fault): Finding {
  const name = /"([^"]+)"/.exec(message)?.[1] ?? "";
  return { severity: "error", rule: "rendering", subject: { kind: "function", name }, message };
}
