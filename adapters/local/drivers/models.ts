import { Fault } from "#shared/errors";
import type { Ports } from "#shared/function";
import {
  checkPrice,
  embeddedModels,
  type ModelDriver,
  type ModelOffer,
  type ModelPrice,
  openAiModels,
} from "#shared/models";

/** The secret that a server of models is asked with. */
const KEY = "models-key";
const CONTEXT_TOKENS = 128_000;
/** Somebody chose this very model: it is good enough for whatever a function asks. */
const CHOSEN = 1;

/**
 * The embedded method; or, where `AUTERITY_MODELS_URL` names one, a server that speaks OpenAI's protocol, with the
 * secret `models-key` (`AUTERITY_SECRET_MODELS_KEY`). Then `AUTERITY_MODELS_CHAT` names the model that answers,
 * `AUTERITY_MODELS_EMBED` the one that embeds, and both prices have to be said, as `0.15/0.60` in USD per million tokens
 * of input and output or as `free`. Throws `failed_precondition` for what is missing.
 */
export async function localModels({
  settings,
  secrets,
  clock,
}: Pick<Ports, "settings" | "secrets" | "clock">): Promise<ModelDriver> {
  const baseUrl = (settings["AUTERITY_MODELS_URL"] ?? "").replace(/\/+$/, "");
  if (baseUrl === "") return embeddedModels();
  const offers = offersOf(settings);
  const origin = URL.parse(baseUrl)?.origin;
  if (origin === undefined) throw missing("AUTERITY_MODELS_URL is no url");
  await keyOf(secrets);
  return openAiModels({
    name: "openai-compatible",
    offers,
    baseUrl,
    tokensField: "max_tokens",
    clock,
    allowedOrigins: [origin],
    // Read anew each time, so that a new key needs no restart.
    authorize: async () => ({ authorization: `Bearer ${await keyOf(secrets)}` }),
  });
}

async function keyOf(secrets: Ports["secrets"]): Promise<string> {
  const found = await secrets.read(KEY, undefined);
  if (found !== undefined) return found.value;
  throw missing(`there is no secret "${KEY}"; a server that asks for none takes any`);
}

function offersOf(settings: Ports["settings"]): ModelOffer[] {
  const { AUTERITY_MODELS_CHAT: chat, AUTERITY_MODELS_EMBED: embed } = settings;
  const base = { provider: "openai-compatible", contextTokens: CONTEXT_TOKENS };
  const offers: ModelOffer[] = [];
  if (chat !== undefined) {
    const quality = {
      answer: CHOSEN,
      summarise: CHOSEN,
      classify: CHOSEN,
      extract: CHOSEN,
      code: CHOSEN,
    };
    const price = priceOf(settings, "AUTERITY_MODELS_CHAT_PRICE", chat);
    offers.push({
      ...base,
      model: chat,
      id: chat,
      quality,
      skills: ["tools", "json", "temperature"],
      maxOutputTokens: CONTEXT_TOKENS,
      price,
    });
  }
  if (embed !== undefined) {
    const price = priceOf(settings, "AUTERITY_MODELS_EMBED_PRICE", embed);
    const embedding = { dimensions: 0, batch: 64 };
    offers.push({
      ...base,
      model: embed,
      id: embed,
      quality: { embed: CHOSEN },
      skills: [],
      maxOutputTokens: 0,
      price,
      embedding,
    });
  }
  if (offers.length > 0) return offers;
  throw missing("neither AUTERITY_MODELS_CHAT nor AUTERITY_MODELS_EMBED names a model");
}

/** A price that nobody told is not zero. */
function priceOf(settings: Ports["settings"], name: string, model: string): ModelPrice {
  const text = settings[name] ?? "";
  if (text === "free") return { input: 0, output: 0, isFree: true };
  const [, input, output] = /^(\d+(?:\.\d+)?)\/(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (input === undefined) throw missing(`${name} is no price`);
  const price = { input: Number(input), output: Number(output) };
  checkPrice(price, model);
  return price;
}

function missing(what: string): Fault {
  return new Fault("failed_precondition", `models.open: ${what}; see docs/guides/models.md`);
}
