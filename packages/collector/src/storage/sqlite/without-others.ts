import type { AgentStore } from '../contract/agents.js';
import type { Engine } from '../sql/engine.js';

/** What collectors tell each other where there is only one. */
export const withoutOthers = (
  agents: AgentStore,
): Pick<Engine, 'announce' | 'announcements' | 'presence'> => ({
  announce: async () => {},
  announcements: { isShared: false, listen: async () => async () => {} },
  presence: {
    renew: async () => {},
    attach: (agent) => agents.save([agent]),
    detach: (agent) => agents.save([agent]),
    elsewhere: async () => [],
    lead: async () => true,
    leave: async () => {},
  },
});
