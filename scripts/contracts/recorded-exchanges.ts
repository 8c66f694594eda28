import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { givenResponse, sentRequest } from "#shared/contracts";
import { Fixture, type Integration } from "#shared/integration";
import type { Exchange } from "./distil.ts";

/** An exchange of an action's fixture. */
export type RecordedExchange = Exchange & { readonly action: string };

/** Where integrations lie. */
export const INTEGRATIONS = "functions/integrations";

/** Integrations that are registered and hold a contract or not, by folder. */
export function integrationFolders(root: string): string[] {
  return readdirSync(join(root, INTEGRATIONS), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("_"))
    .map(({ name }) => name)
    .toSorted();
}

/** Everything that an integration's fixtures say to its vendor and hear from it. */
export async function recordedExchanges(root: string, id: string): Promise<RecordedExchange[]> {
  const folder = join(root, INTEGRATIONS, id);
  const module: { default: Integration } = await import(
    pathToFileURL(join(folder, "index.ts")).href
  );
  const { http } = module.default;
  return readdirSync(join(folder, "fixtures"))
    .filter((file) => file !== "events.json" && file.endsWith(".json"))
    .toSorted()
    .flatMap((file) => {
      const text = readFileSync(join(folder, "fixtures", file), "utf8");
      const fixture = Fixture.parse(JSON.parse(text));
      return fixture.exchanges.map((exchange) => ({
        action: file.slice(0, -".json".length),
        request: sentRequest(http, exchange.request),
        response: givenResponse(exchange.response),
      }));
    });
}
