import { defineAction } from "#shared/integration";
import * as z from "zod";
import { image, platform } from "../client.ts";
import {
  countOpen,
  Findings,
  isOtherScan,
  isScan,
  isVex,
  Scan,
  Vulnerability,
} from "../vulnerabilities.ts";
import { loadImages } from "../load-images.ts";

const count = z.int();

export const readVulnerabilities = defineAction({
  summary:
    "Read the vulnerability scans that are attached to an image, and what its makers say about exploitability",
  docs: "https://docs.docker.com/dhi/core-concepts/attestations/",
  scopes: ["repo:read"],
  effect: "read",
  input: z.object({ ...image, platform }),
  output: z.object({
    /** Of the platform's image. */
    digest: z.string(),
    /** Whether there is a scan: without one, no vulnerability means that nobody looked. */
    scanned: z.boolean(),
    scans: z.array(Scan),
    vulnerabilities: z.array(Vulnerability),
    /** Those that are neither fixed nor harmless, as far as the makers say. */
    open: z.object({
      critical: count,
      high: count,
      medium: count,
      low: count,
      none: count,
      unknown: count,
    }),
    /** Attached, but in a form that cannot be read, or about another image. */
    unread: z.array(z.string()),
  }),
  async run(api, { repository, reference, platform: wanted }) {
    const { openRegistry, readAttached, readManifest, readPredicate } = await loadImages();
    const registry = await openRegistry(api, { [repository]: ["pull"] });
    const manifest = await readManifest(registry, repository, reference);
    const described = await readAttached(registry, repository, manifest, wanted);
    const findings = new Findings();
    const unread: string[] = [];
    for (const attached of described.attached) {
      const { predicateType } = attached;
      if (isOtherScan(predicateType)) unread.push(predicateType);
      if (!isScan(predicateType) && !isVex(predicateType)) continue;
      const said = await readPredicate(registry, repository, described, attached);
      const isRead =
        said?.predicateType === predicateType && findings.add(predicateType, said.predicate);
      if (!isRead) unread.push(predicateType);
    }
    const vulnerabilities = findings.list();
    const { scans } = findings;
    return {
      digest: described.digest,
      scanned: scans.length > 0,
      scans,
      vulnerabilities,
      open: countOpen(vulnerabilities),
      unread,
    };
  },
});
