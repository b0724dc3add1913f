/**
 * Prints one card, and traces it: one span for the call, and in it a span for each HTTP request, with the names of OpenTelemetry's
 * conventions for HTTP clients. No span contains a token, a card token or a body.
 *
 *   WISE_API_TOKEN=… WISE_PROFILE_ID=… WISE_CARD_TOKEN=… WISE_KIOSK_ID=… npx tsx examples/opentelemetry.ts
 *
 * It uses the sandbox. WISE_BASE_URL names a gateway in front of it. The spans go to the console; use another exporter to send them
 * to your collector.
 */
import { SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { ConsoleSpanExporter, NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { type Exchange, isKioskError, WiseKioskClient } from "wise-card-kiosk";

const {
  WISE_API_TOKEN = "",
  WISE_PROFILE_ID = "",
  WISE_CARD_TOKEN = "",
  WISE_KIOSK_ID = "",
  WISE_BASE_URL,
} = process.env;

const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(new ConsoleSpanExporter())] });
provider.register();
const tracer = trace.getTracer("wise-card-kiosk-example");

const kiosk = new WiseKioskClient({
  environment: "sandbox",
  ...(WISE_BASE_URL === undefined ? {} : { baseUrl: WISE_BASE_URL }),
  token: WISE_API_TOKEN,
  onExchange: traceExchange,
});

await tracer.startActiveSpan("print card", async (span) => {
  try {
    const card = { profileId: WISE_PROFILE_ID, cardToken: WISE_CARD_TOKEN };
    const { status } = await kiosk.produceCard({ ...card, kioskId: WISE_KIOSK_ID });
    span.setAttribute("wise.production.status", status);
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: isKioskError(error) ? error.code : String(error) });
    process.exitCode = 1;
  } finally {
    span.end();
  }
});
await provider.shutdown();

/** Records the span of a request that has ended, as a child of the span that was active when the client was called. */
function traceExchange(exchange: Exchange): void {
  const { operation, purpose, method, route, attempt, httpStatus, error, durationMs, correlationId, traceId } =
    exchange;
  const end = Date.now();
  const span = tracer.startSpan(`${method} ${route}`, {
    kind: SpanKind.CLIENT,
    startTime: end - durationMs,
    attributes: {
      "http.request.method": method,
      "http.request.resend_count": attempt - 1,
      "url.template": route,
      "wise.operation": operation,
      "wise.purpose": purpose,
      "wise.correlation_id": correlationId,
      ...(httpStatus === undefined ? {} : { "http.response.status_code": httpStatus }),
      ...(traceId === undefined ? {} : { "wise.trace_id": traceId }),
      ...(error === undefined ? {} : { "error.type": error }),
    },
  });
  if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(end);
}
