// A plugin of typedoc: modules have the names by which they are imported, such as `@nonlocal-med/core/node`, and objects of
// options, which functions take apart in their signatures, are called `options`, as docstrings call them.
import { Converter, ReflectionKind } from 'typedoc';

export function load({ converter }) {
  converter.on(Converter.EVENT_CREATE_PARAMETER, (_, parameter) => {
    if (parameter.name === '__namedParameters') parameter.name = 'options';
  });
  converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.getReflectionsByKind(ReflectionKind.Module))
      module.name = `@nonlocal-med/${module.name.replace(/\/src$/, '').replace('/src/', '/')}`;
  });
}
