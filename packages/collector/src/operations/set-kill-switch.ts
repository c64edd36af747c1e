import { killSwitchRequest, policyView } from '../schemas/policy.js';
import { defineOperation } from './operation.js';

export const setKillSwitch = defineOperation({
  name: 'setKillSwitch',
  summary: 'Switch probes off or on',
  description:
    'Disarms all probes of everything, of a service or of a process at once, and keeps them from being armed, until it ' +
    'is off again; then what is still wanted is armed. It outlasts restarts of collector and service.',
  tag: 'policies',
  method: 'PUT',
  path: '/kill-switch',
  permission: 'probes:kill',
  body: killSwitchRequest,
  output: policyView,
  outputDescription: 'The policy with its kill switch; processes confirm it within moments.',
  errors: ['UNKNOWN_SERVICE', 'NOT_FOUND'],
  run: ({ policies }, { body }) => policies.switch(body),
});
