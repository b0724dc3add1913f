import type { IncomingMessage } from "node:http";
import { ControlProblem } from "../control/control-problem.js";

/** No request to Wise or to the control API needs more. */
const LARGEST_BODY_BYTES = 1_000_000;

/**
 * Reads the body of a request as UTF-8.
 *
 * @throws {ControlProblem} if it is too large.
 */
export async function readText(incoming: IncomingMessage): Promise<string> {
  let chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size > LARGEST_BODY_BYTES) {
      throw new ControlProblem(413, `The body must be at most ${LARGEST_BODY_BYTES} bytes.`);
    }
    // Many small chunks take far more memory than their bytes.
    if (chunks.push(chunk) > Math.max(64, size / 64)) chunks = [Buffer.concat(chunks)];
  }
  return Buffer.concat(chunks).toString();
}
