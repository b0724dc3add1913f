export default {
  // With this switch, the server loads the package from node_modules instead of from the bundle.
  serverExternalPackages: process.env.EXTERNAL_PACKAGES.split(",").filter(Boolean),
  distDir: process.env.DIST_DIR,
  // The project of the user ends here: nothing above this folder may be found.
  turbopack: { root: import.meta.dirname },
  outputFileTracingRoot: import.meta.dirname,
};
