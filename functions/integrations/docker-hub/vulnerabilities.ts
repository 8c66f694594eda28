import * as z from "zod";

/** How bad something is, in words. */
export const level = z.enum(["critical", "high", "medium", "low", "none", "unknown"]);
type Level = z.infer<typeof level>;

/** What a statement on exploitability says: https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md#status-labels */
const vexStatus = z.enum(["not_affected", "affected", "fixed", "under_investigation"]);

export const Vulnerability = z.object({
  id: z.string(),
  level,
  /** As the scanner gave it: a method and its score. */
  scores: z.array(z.object({ method: z.string(), score: z.string() })),
  /** What the image's makers say about it, if anything. */
  status: vexStatus.nullable(),
});
export type Vulnerability = z.infer<typeof Vulnerability>;

export const Scan = z.object({
  scanner: z.string(),
  version: z.string().nullable(),
  databaseUpdatedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  vulnerabilities: z.int(),
});

const Severity = z.object({
  method: z.string(),
  score: z.union([z.string(), z.number()]).transform(String),
});
const Found = z.object({ id: z.string(), severity: z.array(Severity).nullish() });

/**
 * https://github.com/in-toto/attestation/blob/main/spec/predicates/vuln.md; its text puts a result into `vulnerability`, its
 * example does not.
 */
const ScanPredicate = z.object({
  scanner: z.object({
    uri: z.string(),
    version: z.string().nullish(),
    db: z.object({ lastUpdate: z.string().nullish() }).nullish(),
    result: z
      .array(
        z.union([
          Found,
          z.object({ vulnerability: Found }).transform(({ vulnerability }) => vulnerability),
        ]),
      )
      .nullish(),
  }),
  metadata: z.object({ scanFinishedOn: z.string().nullish() }).nullish(),
});

/** https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md#statement; older ones name a vulnerability by text alone. */
const VexPredicate = z.object({
  statements: z.array(
    z.object({
      vulnerability: z.union([
        z.string(),
        z.object({ name: z.string() }).transform((one) => one.name),
      ]),
      status: vexStatus,
    }),
  ),
});

/** Statements that hold scan results, and what the image's makers say to them. */
export function isScan(predicateType: string): boolean {
  return /^https:\/\/in-toto\.io\/attestation\/vulns(?:\/|$)/.test(predicateType);
}

export function isVex(predicateType: string): boolean {
  return /^https:\/\/openvex\.dev\/ns(?:\/|$)/.test(predicateType);
}

/** Scan results in a form that nobody describes: Docker Scout's own, and cosign's with a scanner's raw report. */
export function isOtherScan(predicateType: string): boolean {
  return /^https:\/\/(?:scout\.docker\.com\/vulnerabilities|cosign\.sigstore\.dev\/attestation\/vuln)\//.test(
    predicateType,
  );
}

/** What was said about an image, put together. */
export class Findings {
  readonly scans: z.infer<typeof Scan>[] = [];
  readonly #scores = new Map<string, z.infer<typeof Severity>[]>();
  readonly #status = new Map<string, z.infer<typeof vexStatus>>();

  /** Adds a statement; false for one that is not as it should be. */
  add(predicateType: string, predicate: unknown): boolean {
    return isVex(predicateType) ? this.#addVex(predicate) : this.#addScan(predicate);
  }

  #addScan(predicate: unknown): boolean {
    const { data } = ScanPredicate.safeParse(predicate);
    if (data === undefined) return false;
    const found = data.scanner.result ?? [];
    this.scans.push({
      scanner: data.scanner.uri,
      version: data.scanner.version ?? null,
      databaseUpdatedAt: data.scanner.db?.lastUpdate ?? null,
      finishedAt: data.metadata?.scanFinishedOn ?? null,
      vulnerabilities: found.length,
    });
    for (const { id, severity } of found) {
      this.#scores.set(id, [...(this.#scores.get(id) ?? []), ...(severity ?? [])]);
    }
    return true;
  }

  #addVex(predicate: unknown): boolean {
    const { data } = VexPredicate.safeParse(predicate);
    for (const { vulnerability, status } of data?.statements ?? []) {
      this.#status.set(vulnerability, status);
    }
    return data !== undefined;
  }

  /** The worst first. */
  list(): Vulnerability[] {
    const all = [...this.#scores].map(([id, scores]) => ({
      id,
      level: levelOf(scores),
      scores,
      status: this.#status.get(id) ?? null,
    }));
    return all.toSorted(
      (a, b) => order.indexOf(a.level) - order.indexOf(b.level) || a.id.localeCompare(b.id, "en"),
    );
  }
}

/** How many of each level are left when those are taken off that are fixed or do no harm. */
export function countOpen(all: readonly Vulnerability[]): Record<Level, number> {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, none: 0, unknown: 0 };
  for (const { level: one, status } of all) {
    if (status !== "fixed" && status !== "not_affected") counts[one]++;
  }
  return counts;
}

const order: readonly Level[] = level.options;

const words: ReadonlyMap<string, Level> = new Map<string, Level>([
  ["critical", "critical"],
  ["high", "high"],
  ["important", "high"],
  ["medium", "medium"],
  ["moderate", "medium"],
  ["low", "low"],
  ["negligible", "low"],
  ["none", "none"],
]);

/** The worst of what the methods say. */
function levelOf(scores: readonly z.infer<typeof Severity>[]): Level {
  const levels = new Set(
    scores.map(({ score }) => words.get(score.trim().toLowerCase()) ?? byNumber(score)),
  );
  return order.find((one) => levels.has(one)) ?? "unknown";
}

/** https://www.first.org/cvss/v3.1/specification-document#Qualitative-Severity-Rating-Scale */
function byNumber(score: string): Level {
  if (!/^\d{1,2}(?:\.\d+)?$/.test(score.trim())) return "unknown";
  const value = Number(score);
  if (value > 10) return "unknown";
  if (value >= 9) return "critical";
  if (value >= 7) return "high";
  if (value >= 4) return "medium";
  return value > 0 ? "low" : "none";
}
