export const docsFolder: URL = new URL('../../../docs/', import.meta.url);
