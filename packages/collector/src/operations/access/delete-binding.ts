import { z } from 'zod';
import { viewBinding } from '../../access/views.js';
import { CollectorError } from '../../collector-error.js';
import { bindingView } from '../../schemas/access.js';
import { name } from '../../schemas/text.js';
import { defineDirectoryOperation } from '../operation.js';

export const deleteBinding = defineDirectoryOperation({
  name: 'deleteBinding',
  summary: 'Take a binding from a user',
  description:
    'It holds for the next request, at every collector; what is being followed is cut within moments.',
  tag: 'access',
  method: 'DELETE',
  path: '/bindings/:id',
  permission: 'access:write',
  params: z.strictObject({ id: name }),
  output: bindingView,
  outputDescription: 'The binding as it was.',
  errors: ['NOT_FOUND'],
  async run({ directory, places: { tree } }, { params: { id } }, caller) {
    const binding = (await directory.bindings.list()).find((one) => one.id === id);
    if (binding === undefined || !caller.mayIn(binding.place, 'access:write')) {
      throw new CollectorError('NOT_FOUND', `There is no binding ${id} that you may delete.`);
    }
    await directory.bindings.delete(id);
    return viewBinding(binding, tree);
  },
});
