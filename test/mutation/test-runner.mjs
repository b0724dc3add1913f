import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { BroadcastChannel } from "node:worker_threads";
import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from "@stryker-mutator/api/plugin";
import { createVitest } from "vitest/node";

/** How long each test took without a mutant, for every process of this run, in its common folder. */
const DURATIONS = "durations.json";

/** How many tests are tried before all others. */
const KILLERS = 4;

/** How much time the tests of one mutant may take, by what they took without it: otherwise a few survivors would take most of a run. */
const BUDGET_MS = 12_000;

/** How long a test may take with a mutant: a busy machine must not kill one. */
const timeLimit = (duration) => 5_000 + 10 * duration;

/**
 * Stryker's runner of tests. One Vitest worker keeps the source and runs only the test files again, so that a mutant costs as much as
 * its tests, and no start of a worker or import of the source.
 */
class HotTestRunner {
  /** The tests that last noticed a mutant, for each source file. */
  killers = new Map();

  constructor(options) {
    this.tests = options.hotTests;
    this.ownFolder = options.hotTests[0].replace(/\*.*$/, "");
  }

  /** Otherwise Stryker starts a new process for each mutant that the source runs when it is imported, too. */
  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    this.vitest = await createVitest("test", {
      config: "test/mutation/vitest.config.ts",
      include: this.tests,
      watch: false,
      reporters: [{}],
      onConsoleLog: () => false,
    });
    this.specifications = await this.vitest.globTestSpecifications();
    await this.startWorker();
  }

  async startWorker() {
    this.channel = new BroadcastChannel("mutants");
    const ready = this.nextMessage();
    this.ended = this.vitest.runTestSpecifications(this.specifications).catch(() => {});
    await ready;
  }

  async nextMessage() {
    return new Promise((resolve) => {
      this.channel.onmessage = ({ data }) => {
        if (!data.request) resolve(data);
      };
    });
  }

  request(message) {
    const answer = this.nextMessage();
    this.channel.postMessage(message);
    return answer;
  }

  async stopWorker() {
    this.channel.postMessage({ request: "stop" });
    await this.ended;
    this.channel.close();
  }

  async dryRun() {
    const files = this.specifications.map(({ moduleId }) => ({ path: moduleId }));
    const { tests, errors, coverage } = await this.request({ request: "dryRun", files });
    if (errors.length > 0) return { status: "error", errorMessage: errors.join("\n") };
    writeFileSync(DURATIONS, JSON.stringify(Object.fromEntries(tests.map(({ id, duration }) => [id, duration]))));
    return {
      status: "complete",
      mutantCoverage: coverage,
      tests: tests.map(({ id, file, duration, failure }) => ({
        id,
        name: id,
        fileName: file,
        timeSpentMs: duration,
        ...(failure === undefined ? { status: 0 } : { status: 1, failureMessage: failure }),
      })),
    };
  }

  async mutantRun({ testFilter, activeMutant, hitLimit, reloadEnvironment }) {
    this.durations ??= existsSync(DURATIONS) ? JSON.parse(readFileSync(DURATIONS, "utf8")) : {};
    const killers = this.killers.get(activeMutant.fileName) ?? [];
    const files = this.orderTests(testFilter, killers);
    const message = { request: "mutant", files, mutant: activeMutant.id, hitLimit };
    let answer = await this.request(message);
    // Either an earlier mutant broke this worker, or it keeps a result from before the mutant.
    if (answer.broken || (!answer.failed && (answer.hits === 0 || reloadEnvironment))) {
      await this.stopWorker();
      await this.startWorker();
      answer = await this.request({ ...message, isEarly: true });
    }
    // In a new worker only the mutant itself can have broken what comes after it.
    if (answer.broken) {
      await this.stopWorker();
      await this.startWorker();
    }
    const { count, failed } = answer;
    if (count === 0 && !failed) return { status: "error", errorMessage: "No test ran." };
    if (!failed) return { status: "survived", nrOfTests: count };
    this.killers.set(activeMutant.fileName, [failed.id, ...killers.filter((id) => id !== failed.id)].slice(0, KILLERS));
    return { status: "killed", killedBy: [failed.id], failureMessage: failed.failure, nrOfTests: count };
  }

  /**
   * Chooses the tests of a mutant, in their order. The last killers in the same source file come first, because neighbours often die
   * of the same test; then the tests of the folder itself, and faster ones before slower ones, as long as there is time.
   */
  orderTests(tests, killers) {
    const duration = (id) => this.durations[id] ?? 0;
    const rank = (id) => (id.startsWith(this.ownFolder) ? 0 : 1e6) + duration(id);
    const recent = killers.filter((id) => tests.includes(id));
    const others = tests.filter((id) => !recent.includes(id)).sort((a, b) => rank(a) - rank(b));
    const chosen = [];
    let time = 0;
    for (const id of others) {
      time += duration(id);
      if (chosen.length > 0 && time > BUDGET_MS) break;
      chosen.push(id);
    }
    return [...recent.flatMap((id) => this.groupByFile([id])), ...this.groupByFile(chosen)];
  }

  groupByFile(tests) {
    const files = new Map();
    for (const id of tests) {
      const name = id.slice(0, id.indexOf("#"));
      const path = this.specifications.find(({ moduleId }) => moduleId.endsWith(`/${name}`)).moduleId;
      const file = files.get(path) ?? { path, tests: [], timeLimit: 0 };
      file.tests.push(id);
      file.timeLimit = Math.max(file.timeLimit, timeLimit(this.durations[id] ?? 0));
      files.set(path, file);
    }
    return [...files.values()];
  }

  async dispose() {
    await this.stopWorker();
    await this.vitest.close();
  }
}

function createRunner(options) {
  return new HotTestRunner(options);
}
createRunner.inject = tokens(commonTokens.options);

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, "hot", createRunner)];
