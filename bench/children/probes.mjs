/** Places and removes probes through the collector's API, as anybody would. */

const url = process.env.COLLECTOR_URL;
const authorization = `Bearer ${process.env.ADMIN_TOKEN}`;
const POLL_MS = 20;
const PATIENCE_MS = 10_000;

/** Places probes and waits until this process has armed all of them. Returns their ids. */
export async function arm(requests) {
  await until(async () => {
    const { services } = await call('GET', '/services');
    return services.some(({ agents }) =>
      agents.some(({ pid, connected }) => connected && pid === process.pid),
    );
  });
  const ids = [];
  for (const request of requests) ids.push((await placed(request)).id);
  for (const id of ids) await until(async () => inState(await call('GET', `/probes/${id}`), 'armed'));
  return ids;
}

/** Removes probes and waits until this process has disarmed all of them. */
export async function disarm(ids) {
  for (const id of ids) await call('DELETE', `/probes/${id}`);
  for (const id of ids) await until(async () => inState(await call('GET', `/probes/${id}`), 'disarmed'));
}

/** A process is connected a moment before its build's manifest has come. */
async function placed(request) {
  let probe;
  await until(async () => {
    try {
      probe = await call('POST', '/probes', request);
    } catch (error) {
      if (error.code !== 'UNKNOWN_BUILD') throw error;
    }
    return probe !== undefined;
  });
  return probe;
}

function inState({ agents }, state) {
  return agents.some((agent) => agent.state === state);
}

async function call(method, path, body) {
  const content = body && { body: JSON.stringify(body) };
  const headers = { authorization, ...(content && { 'content-type': 'application/json' }) };
  const response = await fetch(`${url}/api/v1${path}`, { method, headers, ...content });
  const answer = await response.json();
  if (!response.ok) {
    const { code } = answer.error;
    throw Object.assign(new Error(`${method} ${path}: ${JSON.stringify(answer)}`), { code });
  }
  return answer;
}

async function until(holds) {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('The probe did not reach the expected state.');
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
