/** Resolves packages that are not found beside a module as the kit's own modules find them. */
import type { ResolveHook } from 'node:module';

export const resolve: ResolveHook = async (specifier, context, next) => {
  try {
    return await next(specifier, context);
  } catch (error) {
    const isPackage = !/^(?:[./]|\w+:)/.test(specifier);
    if (!isPackage) throw error;
    return next(specifier, { ...context, parentURL: import.meta.url });
  }
};
