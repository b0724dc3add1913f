import { callbacks, webhooks } from "./receiver.js";

/** A route handler of Next.js, as `app/wise/route.ts`. Next.js itself responds to other methods with 405. */
export const POST = webhooks.handler(callbacks);
