import { HttpResponse, type HttpResponseInit } from "@azure/functions";

/** An answer whose body, if any, is bytes. */
export type BytesResponseInit = HttpResponseInit & { readonly body?: Uint8Array };

/**
 * The library's response without its stream: the library reads the body back through `arrayBuffer()` and nothing
 * else, and a stream made only to be read to its end costs more than the whole pipeline. An app that turns
 * `enableHttpStream` on, which reads `body` instead, cannot use it.
 * https://github.com/Azure/azure-functions-nodejs-library/blob/v4.x/src/converters/toRpcHttp.ts
 */
export class BytesResponse extends HttpResponse {
  override readonly arrayBuffer: () => Promise<ArrayBuffer>;

  constructor({ body, ...init }: BytesResponseInit) {
    super(init);
    const bytes = new Uint8Array(body ?? []);
    this.arrayBuffer = async () => bytes.buffer;
  }
}
