import { openAiWire } from "../../../shared/models/conformance/openai-vendor.ts";
import type { Refusal } from "../../../shared/models/conformance/vendor.ts";
import { startVendor, type VendorFake } from "../../../shared/models/conformance.ts";

export const azureKey = "the key of the fake resource";
export const azureToken = "a token of the fake directory";

type Refused = readonly [status: number, error: Readonly<Record<string, unknown>>];

/** As the service says it: https://learn.microsoft.com/azure/ai-foundry/openai/concepts/content-filter#scenario-details */
const refusals: Readonly<Record<Refusal, Refused>> = {
  throttled: [
    429,
    {
      code: "429",
      message: "Requests have exceeded token rate limit of your current pricing tier.",
    },
  ],
  overloaded: [
    500,
    { code: "InternalServerError", message: "Backend returned unexpected response." },
  ],
  unauthenticated: [
    401,
    { code: "401", message: "Access denied due to invalid subscription key." },
  ],
  "too-long": [
    400,
    {
      code: "context_length_exceeded",
      param: "messages",
      type: "invalid_request_error",
      message: "This model's maximum context length is 272000 tokens.",
    },
  ],
  filtered: [
    400,
    {
      code: "content_filter",
      param: "prompt",
      type: null,
      status: 400,
      message:
        "The response was filtered due to the prompt triggering the content management policy.",
      innererror: {
        code: "ResponsibleAIPolicyViolation",
        content_filter_result: { violence: { filtered: true, severity: "high" } },
      },
    },
  ],
  "no-model": [404, { code: "DeploymentNotFound", message: "The API deployment does not exist." }],
};

/** Starts a resource of Azure OpenAI on the wire, which takes its key or a token of its directory. */
export function startAzureOpenAi(): Promise<VendorFake> {
  return startVendor(
    openAiWire({
      basePath: "/openai/v1",
      tokensField: "max_completion_tokens",
      isAuthorized: ({ headers }) =>
        headers["api-key"] === azureKey || headers.authorization === `Bearer ${azureToken}`,
      refuse(refusal, quoted) {
        const [status, error] = refusals[refusal];
        return {
          status,
          body: { error: { ...error, message: `${String(error["message"])} ${quoted}` } },
        };
      },
      // What the filter made of the prompt: https://learn.microsoft.com/azure/ai-foundry/openai/concepts/content-streaming
      firstChunks: [
        {
          id: "",
          object: "",
          created: 0,
          model: "",
          choices: [],
          prompt_filter_results: [
            {
              prompt_index: 0,
              content_filter_results: { hate: { filtered: false, severity: "safe" } },
            },
          ],
        },
      ],
    }),
  );
}
