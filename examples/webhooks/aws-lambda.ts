import { callbacks, webhooks } from "./receiver.js";

/** What is used here of the event of an HTTP API or function URL, payload version 2.0. */
interface HttpEvent {
  readonly requestContext: { readonly http: { readonly method: string } };
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

interface HttpResult {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

const receive = webhooks.handler(callbacks);

/** AWS Lambda: the gateway may have put the body into Base64. */
export async function handler({ requestContext, headers, body = "", isBase64Encoded }: HttpEvent): Promise<HttpResult> {
  const { method } = requestContext.http;
  const rawBody = Buffer.from(body, isBase64Encoded ? "base64" : "utf8");
  const request = new Request("https://lambda.invalid/wise", {
    method,
    headers,
    ...(method === "POST" && { body: rawBody }),
  });
  const answer = await receive(request);
  return { statusCode: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
}
