import type { AgentStore } from '../contract/agents.js';
import type { PresentAgent } from '../contract/presence.js';
import { AGENTS_AT_ONCE, lastOfEach } from '../sql/agents.js';
import type { Engine } from '../sql/engine.js';
import { together } from '../sql/together.js';

/** What collectors tell each other where there is only one. */
export function withoutOthers(agents: AgentStore): Pick<Engine, 'announce' | 'announcements' | 'presence'> {
  const save = together({
    async work(some: readonly PresentAgent[]) {
      await agents.save(lastOfEach(some));
      return [];
    },
    most: AGENTS_AT_ONCE,
  });
  return {
    announce: async () => {},
    announcements: { isShared: false, listen: async () => async () => {} },
    presence: {
      renew: async () => {},
      attach: save,
      detach: save,
      elsewhere: async () => [],
      lead: async () => true,
      leave: async () => {},
    },
  };
}
