import { parseArgs } from "node:util";
import { call } from "../demo/product-client.ts";
import { productUrl, token } from "../demo/kept-secrets.ts";
import { explainRun } from "./explain-run.ts";

const HELP = `npm run why -- <run>

Tells why a run ran where it ran: every runtime with its score, what kept it out, the epoch of prices, and what the run
cost. The id is in the answer's x-auterity-run header and in GET /v1/runs. Asks the product that runs on PORT (4400).

      --url <url>   another product
      --json        the run as JSON
  -h, --help        this text
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: "string" },
    json: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  },
});
const [id] = positionals;
if (values.help === true || id === undefined) {
  process.stdout.write(HELP);
  process.exitCode = values.help === true ? 0 : 2;
} else process.exitCode = await why(id, values.url, values.json === true);

async function why(run: string, url: string | undefined, asJson: boolean): Promise<number> {
  const answer = await call(
    { url: productUrl(url), token: token() },
    "GET",
    `/v1/runs/${encodeURIComponent(run)}`,
  );
  if (answer.status !== 200) {
    const { detail } = answer.json;
    const reason = typeof detail === "string" ? detail : `the product answered ${answer.status}`;
    process.stderr.write(`${reason}\n`);
    return 1;
  }
  process.stdout.write(
    asJson ? `${JSON.stringify(answer.json, null, 2)}\n` : explainRun(answer.json),
  );
  return 0;
}
