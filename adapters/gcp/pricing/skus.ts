import type { Sku } from "#shared/price-lists";

/** A SKU of the catalogue, by its description: ids differ by region, and say nothing to who reads them. */
export type GcpSku = Sku & { readonly service: string; readonly description: string };

const run = { service: "152E-C115-5142" } as const;
const firestore = { service: "EE2C-7FAC-5E08" } as const;
const storage = { service: "95FF-2EF5-5EA1" } as const;
const perCount = { unit: "millionOperations", vendorUnit: "count", times: 1e6 } as const;
const vcpuSecond = { unit: "vcpuSecond", vendorUnit: "s", times: 1 } as const;
const gibSecond = { unit: "gbSecondBesideVcpu", vendorUnit: "GiBy.s", times: 1 } as const;

/**
 * The SKUs behind the figures, in us-central1 where they are of a region, by https://cloud.google.com/skus. API Gateway
 * has none of its own: its calls are billed as Service Control's, and its figure is kept by hand.
 */
export const skus: readonly GcpSku[] = [
  {
    figure: "runUsdPerMillionRequests",
    ...run,
    ...perCount,
    unit: "millionRequests",
    description: "Requests",
  },
  {
    figure: "runUsdPerVcpuSecond",
    ...run,
    ...vcpuSecond,
    description: "Services CPU (Request-based billing)",
  },
  {
    figure: "runUsdPerGibSecond",
    ...run,
    ...gibSecond,
    description: "Services Memory (Request-based billing)",
  },
  {
    figure: "runTier2UsdPerVcpuSecond",
    ...run,
    ...vcpuSecond,
    description: "Services CPU Tier 2 (Request-based billing)",
  },
  {
    figure: "runTier2UsdPerGibSecond",
    ...run,
    ...gibSecond,
    description: "Services Memory Tier 2 (Request-based billing)",
  },
  {
    figure: "egressUsdPerGib",
    ...run,
    unit: "egressGb",
    vendorUnit: "GiBy",
    times: 1,
    description: "Cloud Run Network Internet Data Transfer Out North America to North America",
  },
  {
    figure: "firestoreUsdPerMillionReads",
    ...firestore,
    ...perCount,
    description: "Cloud Firestore Read Ops Iowa",
  },
  {
    figure: "firestoreUsdPerMillionWrites",
    ...firestore,
    ...perCount,
    description: "Cloud Firestore Entity Writes Iowa",
  },
  {
    figure: "firestoreUsdPerMillionDeletes",
    ...firestore,
    ...perCount,
    description: "Cloud Firestore Entity Deletes Iowa",
  },
  {
    figure: "pubsubUsdPerTib",
    service: "A1E8-BE35-7EBC",
    unit: "messageTib",
    vendorUnit: "TiBy",
    times: 1,
    description: "Message Delivery Basic",
  },
  {
    figure: "storageUsdPerMillionClassAOperations",
    ...storage,
    ...perCount,
    description: "Regional Standard Class A Operations",
  },
  {
    figure: "storageUsdPerMillionClassBOperations",
    ...storage,
    ...perCount,
    description: "Regional Standard Class B Operations",
  },
  {
    figure: "secretManagerUsdPerMillionAccesses",
    service: "EE82-7A5E-871C",
    ...perCount,
    description: "Secret access operations",
  },
];
