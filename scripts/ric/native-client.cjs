// The runtime client reaches the Runtime API through a C++ addon that cannot be compiled everywhere. This stands in
// for the addon alone, over the same HTTP calls; everything else is Amazon's code as published.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
const Module = require("node:module");
const { Agent, request } = require("node:http");

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new Agent({ keepAlive: true });
const root = "/2018-06-01/runtime/invocation";

function call(method, path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const outgoing = request({ agent, host, port, method, path, headers }, (response) => {
      let bodyJson = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => (bodyJson += chunk));
      response.on("end", () => resolve({ bodyJson, headers: response.headers }));
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

const nativeClient = {
  initializeClient() {},
  next: () => call("GET", `${root}/next`),
  done: (id, body) => void call("POST", `${root}/${id}/response`, body),
  error: (id, body, xray) =>
    void call("POST", `${root}/${id}/error`, body, {
      "lambda-runtime-function-xray-error-cause": xray,
    }),
};

const load = Module._load;
Module._load = (name, ...rest) =>
  name.endsWith("rapid-client.node") ? nativeClient : load(name, ...rest);
