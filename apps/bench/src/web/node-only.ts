/** Stands in a browser build for packages that only Node has. */
throw new Error('is for Node only');
