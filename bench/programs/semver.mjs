import semver from 'semver';

const ranges = ['^1.2', '>=1 <2 || 10.x', '~0.0.1', '*', '1.2.3 - 2', '>=2.0.0-beta <3'];

function resolve(count) {
  const versions = Array.from({ length: count }, (_, n) => `${n % 12}.${n % 7}.${n}${n % 5 ? '' : '-rc.1'}`);
  const sorted = semver.rsort(versions);
  return (
    ranges.map((range) => semver.maxSatisfying(sorted, range)).join() + semver.diff(sorted[0], sorted.at(-1))
  );
}

export const first = () => resolve(3).length;
export const work = () => resolve(600).length;
