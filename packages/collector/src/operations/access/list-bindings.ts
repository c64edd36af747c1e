import { z } from 'zod';
import { viewBinding } from '../../access/views.js';
import { bindingView } from '../../schemas/access.js';
import { defineDirectoryOperation } from '../operation.js';

export const listBindings = defineDirectoryOperation({
  name: 'listBindings',
  summary: 'List what people may do where',
  description: 'The bindings of users to all places whose access the caller may see.',
  tag: 'access',
  method: 'GET',
  path: '/bindings',
  permission: 'access:read',
  output: z.object({ bindings: z.array(bindingView) }),
  outputDescription: 'The bindings, oldest first.',
  errors: [],
  async run({ directory, places: { tree } }, _input, caller) {
    const bindings = await directory.bindings.list();
    return {
      bindings: bindings
        .filter(({ place }) => caller.mayIn(place, 'access:read'))
        .map((binding) => viewBinding(binding, tree)),
    };
  },
});
