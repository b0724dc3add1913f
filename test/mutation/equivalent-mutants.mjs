import { declareValuePlugin, PluginKind } from "@stryker-mutator/api/plugin";

/**
 * Ignores mutants that cannot change what the code does, in a form that occurs too often for a comment at each place: the body of a
 * function, or of the `catch` at its end, that only returns `undefined`, as the empty body does too.
 */
const equivalent = {
  shouldIgnore({ node, parentPath }) {
    if (node.type !== "BlockStatement" || node.body.length !== 1) return undefined;
    const [{ type, argument }] = node.body;
    const returnsNothing =
      type === "ReturnStatement" &&
      (argument === null || (argument?.type === "Identifier" && argument.name === "undefined"));
    if (!returnsNothing) return undefined;
    const isLastCatch = parentPath.isCatchClause() && isLastStatement(parentPath.parentPath);
    return isLastCatch || parentPath.isFunction() ? "An empty body returns undefined as well." : undefined;
  },
};

/** Whether a statement is the last one of a function. */
function isLastStatement({ node, parentPath }) {
  return parentPath.isBlockStatement() && parentPath.node.body.at(-1) === node && parentPath.parentPath.isFunction();
}

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, "equivalent", equivalent)];
