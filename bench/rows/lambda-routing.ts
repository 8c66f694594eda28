import { awsHttpCodec, type AwsHttpEvent } from "../../adapters/aws/codecs/http.ts";
import { bindFunction } from "../../shared/host/index.ts";
import {
  bare,
  type Lambda,
  withExpress,
  withFastify,
  withHono,
  withMiddy,
} from "../contenders/lambda.ts";
import { checked, freshCall } from "../contenders/lambda-call.ts";
import { orderFunction } from "../contenders/order-function.ts";
import { benchPorts } from "../contenders/ports.ts";
import { compare } from "../measure.ts";
import { type Row, timedRow } from "../report.ts";

/** A Lambda event to its answer: our codec and pipeline alone, beside the frameworks. */
export async function lambdaRouting(): Promise<Row> {
  const timings = await compare(
    await checked([
      ["auterity, codec and pipeline", ours()],
      ["bare handler", bare],
      ["middy + http-router", withMiddy()],
      ["hono/aws-lambda", withHono()],
      ["serverless-http + express", withExpress()],
      ["@fastify/aws-lambda", withFastify()],
    ]),
    freshCall,
  );
  return timedRow("lambda-routing", "Lambda event → zod → handler → answer", "µs", timings, {
    "middy + http-router": 1.5,
    "hono/aws-lambda": 0.2,
  });
}

function ours(): Lambda {
  const bound = bindFunction(orderFunction, benchPorts(), "aws");
  return async (event, context) => {
    const input = awsHttpCodec.decode(event as unknown as AwsHttpEvent);
    const meta = {
      id: context.awsRequestId,
      remainingMs: () => context.getRemainingTimeInMillis(),
    };
    return awsHttpCodec.encode(await bound.http(input, meta));
  };
}
