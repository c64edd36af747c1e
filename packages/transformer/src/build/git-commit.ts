import { execFileSync } from 'node:child_process';

/** The commit that is checked out in `directory`; undefined where git is missing or does not know. */
export function gitCommit(directory: string): string | undefined {
  try {
    const output = execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd: directory,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 5_000,
    });
    return output.trim() || undefined;
  } catch {
    return undefined;
  }
}
