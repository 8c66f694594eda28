/**
 * Every input of the model that is neither in the trace nor in the price sheet. They are assumptions: the report prints
 * them, and figures in dollars hold only under them.
 */
export type Model = Omit<typeof model, "cpuTimePerVcpu"> & {
  readonly cpuTimePerVcpu: Readonly<Record<Cloud, number>>;
};

export const model = {
  warmUpShare: 0.7,
  scoredShare: 0.3,
  daysPerMonth: 30,
  scoreStartsAtMinute: 1008,
  /** A function's share of work that scales with the CPU is U⁴, 0.2 on average; the rest waits for others. */
  cpuShareExponent: 4,
  /** Time for one unit of CPU work on one vCPU, in units of the machine the trace was taken on (Azure). */
  cpuTimePerVcpu: { aws: 0.53, azure: 1, gcp: 0.74 },
  cpuTimeSource:
    "medians of Node runs in faasdom (https://github.com/faas-benchmarking/faasdom), 1,024 MB to 2,048 MB, over Azure Linux",
  /** MB that come with one vCPU on Lambda: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
  lambdaMbPerVcpu: 1769,
  lambdaSizesMb: [128, 192, 256, 384, 512, 768, 1024, 1536, 1769, 2048, 3008, 5120, 10_240],
  /** https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan#instance-sizes */
  flexMbPerVcpu: 2048,
  consumptionVcpus: 1,
  singleThreaded: true,
  keepAliveMinutes: { aws: 6, azure: 20, gcp: 15 },
  coldMs: { aws: 300, azure: 2480, gcp: 1900 },
  /** Lambda bills its init phase since 2025-08-01, Cloud Run its start-up; Azure bills neither. */
  coldBilledMs: { aws: 130, azure: 0, gcp: 1900 },
  coldSource: "faasdom medians for Node, and mikhail.io's keep-alive measurements",
  /** Calls that one instance takes at a time, for cold starts; billing is per call, as if each ran alone. */
  callsPerInstance: { aws: 1, azure: 10, gcp: 1 },
  billingConcurrency: 1,
  /** The target of a function's p95 answer time, cold starts included. */
  sloQuantile: 0.95,
  sloFactor: 2,
  sloSlackMs: 1000,
  answerKbMedian: 2,
  answerKbSigma: 1.2,
  remoteDataShare: 0.3,
  dataKbMedian: 10,
  dataKbSigma: 1.2,
  idempotentShare: 0.8,
  failedAttemptMs: 250,
  downMinutes: { from: 1150, to: 1170 },
  slowMinutes: { from: 1200, to: 1260, factor: 3 },
  priceChangeAtMinute: 720,
  priceChangeFactor: 1.5,
} as const;

/** The scopes that take part, in the order of the arms. */
export const CLOUDS = ["aws", "azure", "gcp"] as const;
export type Cloud = (typeof CLOUDS)[number];
