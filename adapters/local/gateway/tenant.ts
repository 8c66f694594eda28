/** Locally there is one; see the architecture's section on tenancy. */
export const TENANT = "default";
