/** Modules under the names that they are imported by: `core/src/expression` is `@isoact/core/expression`. */
import { Converter } from 'typedoc';

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.children ?? []) {
      module.name = module.name.replace(/^(\w+)\/src(\/.*)?$/, (_, name, rest = '') => `@isoact/${name}${rest}`);
    }
  });
}
