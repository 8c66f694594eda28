import type { Operation, Parameter, Schema, Selector } from "#shared/contracts";
import {
  type DescribedOperation,
  type Description,
  type Json,
  listAt,
  objectAt,
  textAt,
} from "./description.ts";
import { SmithyShapes, traitOf } from "./smithy-shapes.ts";

/** How an AWS service writes its requests: https://smithy.io/2.0/aws/protocols/index.html */
type Protocol = "restJson1" | "restXml" | "awsJson1_0" | "awsJson1_1";

const PROTOCOLS: readonly Protocol[] = ["restJson1", "restXml", "awsJson1_0", "awsJson1_1"];

/**
 * Reads Smithy's JSON AST (https://smithy.io/2.0/spec/json-ast.html) of a service that speaks REST with JSON or XML, or
 * AWS JSON. XML is taken as it is: it has no JSON Schema. Throws for other protocols.
 */
export function readSmithy(document: Json): Description {
  const shapes = new SmithyShapes(document);
  const [service, described] = shapes.service();
  const protocol = PROTOCOLS.find(
    (one) => traitOf(described, `aws.protocols#${one}`) !== undefined,
  );
  if (protocol === undefined) throw new Error(`${service} speaks none of ${PROTOCOLS.join(", ")}`);
  const operations = shapes
    .operations()
    .map(([name, operation]) =>
      protocol === "restJson1" || protocol === "restXml"
        ? restOperation(shapes, protocol, operation)
        : jsonOperation(shapes, protocol, `${service}.${name}`, operation),
    );
  return {
    format: `Smithy ${textAt(document, "smithy") ?? ""} ${protocol}`,
    operations,
    definition: (name) => shapes.definition(name),
  };
}

function restOperation(
  shapes: SmithyShapes,
  protocol: Protocol,
  operation: Json,
): DescribedOperation {
  const http = objectAt(traitOf(operation, "smithy.api#http"));
  const [uri = "", query = ""] = (textAt(http, "uri") ?? "/").split("?");
  const select = [...new URLSearchParams(query)].map(([name, value]): Selector => ({
    in: "query",
    name,
    value,
  }));
  return {
    method: textAt(http, "method") ?? "GET",
    // A greedy label is written {name+} there and {+name} in RFC 6570.
    path: uri.replaceAll(/\{([^}+]+)\+\}/g, "{+$1}"),
    ...(select.length === 0 ? {} : { select }),
    read() {
      const input = shapes.members(objectAt(operation, "input"));
      const body = bodyOf(shapes, protocol, input, "request");
      return {
        parameters: input.flatMap(([name, member]) => parameterOf(shapes, name, member)),
        ...(body === undefined ? {} : { body }),
        responses: {
          [Number(http["code"] ?? 200)]: outputOf(shapes, protocol, operation),
          ...errorsOf(shapes, protocol, operation),
        },
      };
    },
  };
}

function jsonOperation(
  shapes: SmithyShapes,
  protocol: Protocol,
  target: string,
  operation: Json,
): DescribedOperation {
  const type = `application/x-amz-json-${protocol.slice(-3).replace("_", ".")}`;
  const typed = (shape: Json): Record<string, Schema> => ({
    [type]: shapes.refer(textAt(shape, "target")),
  });
  return {
    method: "POST",
    path: "/",
    select: [{ in: "header", name: "x-amz-target", value: target }],
    read: () => ({
      parameters: [],
      body: { required: true, content: typed(objectAt(operation, "input")) },
      responses: { 200: typed(objectAt(operation, "output")), default: { "*/*": true } },
    }),
  };
}

function parameterOf(shapes: SmithyShapes, name: string, member: Json): Parameter[] {
  const required =
    traitOf(member, "smithy.api#required") === undefined ? {} : { required: true as const };
  const schema = shapes.refer(textAt(member, "target"));
  const query = traitOf(member, "smithy.api#httpQuery");
  const header = traitOf(member, "smithy.api#httpHeader");
  if (traitOf(member, "smithy.api#httpLabel") !== undefined) {
    return [{ name, in: "path", required: true, schema }];
  }
  if (typeof query === "string") return [{ name: query, in: "query", ...required, schema }];
  if (typeof header === "string") return [{ name: header, in: "header", ...required, schema }];
  return traitOf(member, "smithy.api#httpQueryParams") === undefined
    ? []
    : [{ name, in: "query", style: "any", schema: true }];
}

function outputOf(
  shapes: SmithyShapes,
  protocol: Protocol,
  operation: Json,
): Record<string, Schema> {
  const members = shapes.members(objectAt(operation, "output"));
  return bodyOf(shapes, protocol, members, "response")?.content ?? {};
}

function errorsOf(
  shapes: SmithyShapes,
  protocol: Protocol,
  operation: Json,
): Operation["responses"] {
  const entries = listAt(operation, "errors").map((one) => {
    const status = Number(traitOf(shapes.target(objectAt(one)), "smithy.api#httpError") ?? 400);
    return [status, protocol === "restXml" ? {} : { "application/json": true }] as const;
  });
  return Object.fromEntries(entries);
}

const ELSEWHERE =
  "httpLabel httpQuery httpQueryParams httpHeader httpPrefixHeaders httpResponseCode".split(" ");

/** One member is the whole body, or all that have no other place make it up. */
function bodyOf(
  shapes: SmithyShapes,
  protocol: Protocol,
  members: readonly (readonly [string, Json])[],
  side: "request" | "response",
): Operation["body"] {
  const payload = members.find(([, one]) => traitOf(one, "smithy.api#httpPayload") !== undefined);
  const type = protocol === "restXml" ? "application/xml" : "application/json";
  if (payload !== undefined) {
    const target = textAt(payload[1], "target");
    const isOpaque = protocol === "restXml" || shapes.isBytes(target);
    return { content: isOpaque ? { "*/*": true } : { [type]: shapes.refer(target) } };
  }
  const inBody = members.filter(([, one]) =>
    ELSEWHERE.every((trait) => traitOf(one, `smithy.api#${trait}`) === undefined),
  );
  if (inBody.length === 0) return undefined;
  const schema = protocol === "restXml" ? true : shapes.structure(inBody);
  const isNeeded = inBody.some(([, one]) => traitOf(one, "smithy.api#required") !== undefined);
  return {
    ...(side === "request" && isNeeded ? { required: true } : {}),
    content: { [type]: schema },
  };
}
