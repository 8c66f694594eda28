import type { ModelPrice } from "./model-price.ts";

/** What models are asked to do here; a bar of quality is set per task. */
export const tasks = ["answer", "summarise", "classify", "extract", "code", "embed"] as const;
export type Task = (typeof tasks)[number];

/** What not every model can do; models that think take no temperature. */
export type ModelSkill = "tools" | "json" | "temperature";

/** A model that a provider sells, as data: the candidates of the router. */
export type ModelOffer = {
  readonly provider: string;
  /** As answers and settings call it. */
  readonly model: string;
  /** As the vendor's interface calls it: a model, a deployment, an inference profile. */
  readonly id: string;
  /** 0 to 1 by task; a task that is missing is one the model is not used for. */
  readonly quality: Readonly<Partial<Record<Task, number>>>;
  readonly skills: readonly ModelSkill[];
  /** Input and output together. */
  readonly contextTokens: number;
  readonly maxOutputTokens: number;
  readonly price: ModelPrice;
  /** Numbers per vector, and texts per request, of a model that embeds. */
  readonly embedding?: { readonly dimensions: number; readonly batch: number };
};
