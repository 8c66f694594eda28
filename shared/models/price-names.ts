/** A name of the price map, taken apart. */
export type PricedName = {
  /** As the map has it. */
  readonly name: string;
  readonly provider: string;
  /** `eu` of `eu.anthropic.…` and `azure/eu/…`, whose prices have a premium of their own. */
  readonly region: string | undefined;
  /** The vendor's id, without provider and region. */
  readonly id: string;
  /** What the same weights are called everywhere, as far as names can tell. */
  readonly family: string;
};

const REGION =
  /^(?:us|us-gov|eu|apac|global|jp|au|ca|global-standard|[a-z]{2}(?:-gov)?-[a-z]+-\d)$/;
const VERSION = /(?:-v\d+)?(?::\d+)?$/;

/** Takes a name apart. Some providers prefix their names and some do not; both have to be found. */
export function nameOf(name: string, provider: string): PricedName {
  const parts = name.split("/");
  const own = family(provider);
  if (parts.length > 1 && family(parts[0] ?? "") === own) parts.shift();
  let region: string | undefined;
  if (parts.length > 1 && REGION.test(parts[0] ?? "")) region = parts.shift();
  const [head = "", ...rest] = parts.join("/").split(".");
  const isRegional = own === "bedrock" && rest.length > 0 && REGION.test(head);
  if (isRegional) region = head;
  const id = isRegional ? rest.join(".") : parts.join("/");
  return { name, provider, region, id, family: familyOf(id, own) };
}

/**
 * The row of a model at a provider, prefixed or not; the region's own where there is one. `undefined` where the map has
 * none: what it does not price has no price, and no default either.
 */
export function findPriced<M extends PricedName>(
  models: readonly M[],
  wanted: { readonly provider: string; readonly id: string; readonly region?: string },
): M | undefined {
  const { id: given, region } = nameOf(wanted.id, wanted.provider);
  const own = models.filter(
    (model) => model.id === given && family(model.provider) === family(wanted.provider),
  );
  const asked = wanted.region ?? region;
  return (
    own.find((model) => model.region === asked) ?? own.find((model) => model.region === undefined)
  );
}

/** `bedrock_converse` and `bedrock` are one provider, and so are Vertex's. */
function family(provider: string): string {
  return provider.replace(/^(bedrock)_converse$/, "$1").replace(/^(vertex_ai)-.*$/, "$1");
}

function familyOf(id: string, provider: string): string {
  const last = (id.split("/").at(-1) ?? id).toLowerCase();
  const weights = provider === "bedrock" ? last.replace(/^[a-z0-9]+\./, "") : last;
  return weights.replace(VERSION, "");
}
