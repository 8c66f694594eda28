import type { Ports } from "#shared/function";

/**
 * Ports with models, for functions that use them. An entry of any other function does not import this: the driver waits
 * for its first use, but even what would load it is more than a function that needs none should carry.
 */
export function withModels(ports: Ports): Ports {
  return {
    ...ports,
    models: async () => (await import("./drivers/models.ts")).localModels(ports),
  };
}
