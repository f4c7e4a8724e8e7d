/** The conformance suite: what "the same on every backend" means. */
export const reportVersion = 1;
