import type { Json } from "../description.ts";

/**
 * One vendor, described in every format: items below a project, of which each may have a parent of its own kind.
 * `GET /v1/items/{id}?count=`, and `POST /v1/items` with a title that is required and a state out of two.
 */
export const formats: Readonly<Record<string, Json>> = {
  "OpenAPI 3.0": {
    openapi: "3.0.3",
    servers: [{ url: "https://api.example.com/v1" }],
    paths: {
      "/items/{id}": {
        parameters: [{ $ref: "#/components/parameters/id" }],
        get: {
          parameters: [{ name: "count", in: "query", schema: { type: "integer", minimum: 1 } }],
          responses: { 200: { $ref: "#/components/responses/item" } },
        },
      },
      "/items": {
        post: {
          requestBody: {
            required: true,
            content: { "application/json": { schema: { $ref: "#/components/schemas/Item" } } },
          },
          responses: { "2XX": { $ref: "#/components/responses/item" } },
        },
      },
    },
    components: {
      parameters: { id: { name: "id", in: "path", required: true, schema: { type: "string" } } },
      responses: {
        item: {
          content: { "application/json": { schema: { $ref: "#/components/schemas/Item" } } },
        },
      },
      schemas: {
        Item: {
          type: "object",
          required: ["id", "title"],
          properties: {
            id: { type: "string", readOnly: true },
            title: { type: "string" },
            state: { type: "string", enum: ["open", "done"], nullable: true },
            parent: { $ref: "#/components/schemas/Item" },
          },
        },
      },
    },
  },
  "Swagger 2.0": {
    swagger: "2.0",
    basePath: "/v1",
    paths: {
      "/items/{id}": {
        get: {
          parameters: [
            { $ref: "#/parameters/id" },
            { name: "count", in: "query", type: "integer", minimum: 1 },
          ],
          responses: { 200: { schema: { $ref: "#/definitions/Item" } } },
        },
      },
    },
    "x-ms-paths": {
      "/items?": {
        post: {
          parameters: [
            { name: "item", in: "body", required: true, schema: { $ref: "#/definitions/Item" } },
          ],
          responses: { default: { schema: { $ref: "#/definitions/Item" } } },
        },
      },
    },
    parameters: { id: { name: "id", in: "path", required: true, type: "string" } },
    definitions: {
      Item: {
        allOf: [{ type: "object", required: ["title"], properties: { title: { type: "string" } } }],
        properties: {
          id: { type: "string" },
          state: { type: "string", enum: ["open", "done"], "x-nullable": true },
          parent: { $ref: "#/definitions/Item" },
        },
      },
    },
  },
  "Google Discovery v1": {
    discoveryVersion: "v1",
    version: "v1",
    servicePath: "",
    resources: {
      items: {
        methods: {
          get: {
            httpMethod: "GET",
            path: "v1/{+name}",
            parameters: {
              name: { location: "path", required: true, type: "string", pattern: "^items/[^/]+$" },
              count: { location: "query", type: "integer", minimum: "1" },
            },
            response: { $ref: "Item" },
          },
          create: {
            httpMethod: "POST",
            path: "v1/items",
            request: { $ref: "NewItem" },
            response: { $ref: "Item" },
          },
        },
      },
    },
    schemas: {
      Item: {
        type: "object",
        properties: {
          id: { type: "string" },
          title: { type: "string" },
          state: { type: "string", enum: ["open", "done"] },
          parent: { $ref: "Item" },
        },
      },
      NewItem: {
        type: "object",
        properties: {
          title: { type: "string" },
          state: { type: "string", enum: ["open", "done"] },
          parent: { $ref: "Item" },
        },
      },
    },
  },
  "Smithy 2.0 restJson1": {
    smithy: "2.0",
    shapes: {
      "com.example#Items": { type: "service", traits: { "aws.protocols#restJson1": {} } },
      "com.example#GetItem": {
        type: "operation",
        input: { target: "com.example#GetItemRequest" },
        output: { target: "com.example#Item" },
        traits: { "smithy.api#http": { method: "GET", uri: "/v1/items/{id}", code: 200 } },
      },
      "com.example#CreateItem": {
        type: "operation",
        input: { target: "com.example#CreateItemRequest" },
        output: { target: "com.example#Item" },
        traits: { "smithy.api#http": { method: "POST", uri: "/v1/items", code: 200 } },
      },
      "com.example#GetItemRequest": {
        type: "structure",
        members: {
          id: {
            target: "smithy.api#String",
            traits: { "smithy.api#httpLabel": {}, "smithy.api#required": {} },
          },
          count: { target: "com.example#Count", traits: { "smithy.api#httpQuery": "count" } },
        },
      },
      "com.example#Count": { type: "integer", traits: { "smithy.api#range": { min: 1 } } },
      "com.example#CreateItemRequest": {
        type: "structure",
        members: {
          title: { target: "smithy.api#String", traits: { "smithy.api#required": {} } },
          state: { target: "com.example#State" },
          parent: { target: "com.example#Item" },
        },
      },
      "com.example#Item": {
        type: "structure",
        members: {
          id: { target: "smithy.api#String" },
          title: { target: "smithy.api#String" },
          state: { target: "com.example#State" },
          parent: { target: "com.example#Item" },
        },
      },
      "com.example#State": {
        type: "enum",
        members: {
          OPEN: { target: "smithy.api#Unit", traits: { "smithy.api#enumValue": "open" } },
          DONE: { target: "smithy.api#Unit", traits: { "smithy.api#enumValue": "done" } },
        },
      },
    },
  },
};
