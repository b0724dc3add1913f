/** The part of the mutants in percent that a test must notice, in every folder. */
export const LEAST_SCORE = 90;

/**
 * The folders of `src` that are mutated, and further folders and files of `test` that run for each, besides the folder of the same
 * name: a test of another folder may be the only one that notices a mutant.
 */
export const FOLDERS = {
  production: {
    tests: ["decoding", "webhooks/production-state", "calls/reconciliation", "following/wait-for-production"],
  },
  text: {
    tests: [
      "arguments",
      "client/refused-input",
      "oauth/refreshing-token-options",
      "response",
      "subscriptions/kiosk-subscriptions",
      "tokens",
      "transport",
      "webhooks/{public-key,verify}",
    ],
  },
  time: { tests: ["calls/retries", "client/{api-errors,time-limits,given-up}", "oauth", "following/poll-delay"] },
  arguments: {
    tests: [
      "client/refused-input",
      "following/wait-for-production",
      "options",
      "oauth",
      "subscriptions/kiosk-subscriptions",
      "webhooks/public-key",
    ],
  },
  schemas: {
    tests: ["decoding", "production", "webhooks/{verify,unwrap}", "oauth", "subscriptions/kiosk-subscriptions"],
  },
  decoding: { tests: ["schemas", "production", "client/result"] },
  tokens: { tests: ["calls/retries", "client/{api-errors,signal}", "oauth/refreshing-token"] },
  errors: {
    tests: [
      "arguments",
      "client/api-errors",
      "oauth/refresh-failures",
      "print-jobs/print",
      "response",
      "subscriptions/kiosk-subscriptions",
      "webhooks/verify",
    ],
  },
  options: {
    tests: [
      "client/{correlation-id,mtls,mtls-proxy,production-refusal,refused-input,request,retrying-dispatchers,signal}",
      "oauth",
      "subscriptions/kiosk-subscriptions",
      "following/wait-for-production",
    ],
  },
  response: { tests: ["client/{api-errors,broken-connections,result,secrets}", "errors", "transport", "oauth"] },
  transport: {
    // These two work on Deno and Bun only: test/runtimes.
    mutate: ["src/transport/**/*.ts", "!src/transport/{dedicated-connection,global-fetch-switch}.ts"],
    tests: [
      "client/{broken-connections,correlation-id,misdirected-requests,mtls,mtls-close,mtls-proxy,redirects,request,response-error-interceptor,result,unsent-requests}",
      "response",
      "oauth",
    ],
  },
  oauth: { tests: ["subscriptions/client-credentials-token"] },
  following: { tests: [] },
  calls: {
    tests: [
      "client/{api-errors,encoded-secrets,given-up,reconcile-production,request,secrets,signal,time-limits,unknown-outcome}",
      "client/unsent-requests",
      "following/{wait-for-production,watch-production}",
      "tokens",
      "response",
    ],
  },
  client: {
    tests: [
      "calls/{intents,reconcile-window,retries}",
      "following/{hanging,wait-for-production,watch-production}",
      "options",
      "print-jobs/{read-pace,sweep}",
    ],
  },
  webhooks: { tests: ["print-jobs/apply", "testing/webhooks"] },
  "print-jobs": { tests: [] },
  subscriptions: { tests: ["testing/subscriptions"] },
  testing: { tests: ["print-jobs/print-job-store", "sandbox/control-api", "subscriptions/kiosk-subscriptions"] },
  command: { tests: [] },
  sandbox: { mutate: ["src/sandbox/**/*.ts", "!src/sandbox/page/**", "!src/sandbox/page-html.ts"], tests: [] },
};

/** Tests that need a process of their own, which a mutant's worker is not: here no connection is open at the beginning. */
export const LEFT_OUT = new Set(["a Wise that cannot be reached exits with 3"]);
