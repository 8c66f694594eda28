import { awsTelemetry } from "../../adapters/aws/drivers/telemetry.ts";
import { awsEntry, awsHttp } from "../../adapters/aws/entry.ts";
import { bare, type Lambda, withPowertools, withTunedPowertools } from "../contenders/lambda.ts";
import { checked, freshCall } from "../contenders/lambda-call.ts";
import { orderFunction } from "../contenders/order-function.ts";
import { benchPorts } from "../contenders/ports.ts";
import { compare } from "../measure.ts";
import { type Row, timedRow } from "../report.ts";

/** The whole AWS entry beside the middy and Powertools stack that it carries, around a bare handler. X-Ray is off. */
export async function lambdaEntry(): Promise<Row> {
  const timings = await compare(
    await checked([
      ["auterity, whole entry", await ours()],
      ["middy + Powertools + bare handler", withPowertools()],
      ["the same, tuned as our entry is", withTunedPowertools()],
      ["bare handler", bare],
    ]),
    freshCall,
  );
  return timedRow("lambda-entry", "Whole AWS entry under middy and Powertools", "µs", timings, {
    "middy + Powertools + bare handler": 1.15,
  });
}

async function ours(): Promise<Lambda> {
  const telemetry = awsTelemetry();
  return awsEntry(orderFunction, benchPorts(telemetry), telemetry, awsHttp);
}
