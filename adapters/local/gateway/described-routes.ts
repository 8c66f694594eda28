import type { FastifyInstance } from "fastify";

/** A route as it was registered. */
export type DescribedRoute = {
  readonly method: string;
  /** With `:name` for a parameter. */
  readonly url: string;
  /** Whether it wants the bearer token. */
  guarded: boolean;
};

/** Every route of a gateway, noted while it is registered, so that its description cannot leave one out. */
export class DescribedRoutes {
  readonly #routes = new Map<string, DescribedRoute>();

  /** Notes what is registered from now on. */
  note(server: FastifyInstance, guarded: boolean): void {
    server.addHook("onRoute", ({ method, url }) => {
      for (const one of [method].flat()) {
        this.#routes.set(`${one} ${url}`, { method: one, url, guarded });
      }
    });
  }

  all(): readonly DescribedRoute[] {
    return [...this.#routes.values()];
  }
}
