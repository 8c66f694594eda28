import { fileURLToPath } from "node:url";
import { withEngine } from "#shared/testing";
import { buildAll } from "../build/build.ts";
import { acrossCloudsConformance } from "./across-clouds.conformance.ts";
import { deliveryConformance } from "./delivery.conformance.ts";
import { startForTest } from "./running-product.ts";

await buildAll(fileURLToPath(new URL("../../", import.meta.url)), "emulators");

await withEngine(
  "the product on each cloud's engines",
  () => startForTest("emulators"),
  (product) => {
    deliveryConformance("emulators", () => product);
    acrossCloudsConformance(() => product);
  },
);
