/**
 * Prometheus' text format 0.0.4, read strictly: a family's help and type before its samples, all samples of a family
 * together, names and escapes as they have to be, no series twice, histograms that add up.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */

export interface Family {
  readonly name: string;
  readonly type: string;
  readonly samples: Sample[];
}

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const TYPES = ['counter', 'gauge', 'histogram', 'summary', 'untyped'];
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
};

/** @throws {Error} that quotes the line that breaks the format */
export function readPrometheus(text: string): Map<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const families = new Map<string, Family>();
  let help: string | undefined;
  let family: Family | undefined;
  const seen = new Set<string>();
  for (const line of text.split('\n')) {
    const fail = (why: string): never => {
      throw new Error(`${why}: ${line}`);
    };
    if (line === '') continue;
    const comment = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line);
    if (comment !== null) {
      const [, kind, name, rest] = comment as unknown as [string, string, string, string];
      if (!NAME.test(name)) fail('no name');
      if (kind === 'HELP') {
        if (/\\(?![\\n])/.test(rest)) fail('a wrong escape');
        help = name;
        continue;
      }
      if (help !== name || families.has(name) || !TYPES.includes(rest)) fail('a wrong type');
      family = { name, type: rest, samples: [] };
      families.set(name, family);
      continue;
    }
    if (family === undefined || line.startsWith('#')) fail('out of place');
    const sample = readSample(line, fail);
    const suffixes = SUFFIXES[family!.type] ?? [''];
    if (!suffixes.some((suffix) => sample.name === family!.name + suffix)) fail('of another family');
    if (family!.type === 'counter' && !(sample.value >= 0)) fail('a negative counter');
    const key = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
    if (seen.has(key)) fail('a series twice');
    seen.add(key);
    family!.samples.push(sample);
  }
  for (const one of families.values()) if (one.type === 'histogram') checkBuckets(one);
  return families;
}

function readSample(line: string, fail: (why: string) => never): Sample {
  const [, name = '', braces = '', value = ''] =
    /^([^\s{]+)(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})? (\S+)$/.exec(line) ?? fail('no sample');
  if (!NAME.test(name)) fail('no name');
  const labels: Record<string, string> = {};
  let rest = braces;
  while (rest !== '') {
    const label =
      /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/.exec(rest) ?? fail('no label');
    if (label[1]! in labels) fail('a label twice');
    labels[label[1]!] = label[2]!.replaceAll(/\\(.)/g, (_, escaped) => (escaped === 'n' ? '\n' : escaped));
    rest = rest.slice(label[0].length);
  }
  const number = value === '+Inf' ? Infinity : value === '-Inf' ? -Infinity : Number(value);
  if (Number.isNaN(number) && value !== 'NaN' && value !== 'Nan') fail('no number');
  return { name, labels, value: number };
}

function checkBuckets({ name, samples }: Family): void {
  const series = new Map<string, number[]>();
  for (const { name: sample, labels, value } of samples) {
    const { le, ...others } = labels;
    const key = JSON.stringify(Object.entries(others).sort());
    const counts = series.get(key) ?? [];
    series.set(key, counts);
    if (sample === `${name}_bucket`) {
      if (value < (counts.at(-1) ?? 0)) throw new Error(`${name}: bucket ${le} has less than the one before`);
      counts.push(value);
    }
    if (sample === `${name}_count` && value !== counts.at(-1))
      throw new Error(`${name}: buckets do not add up`);
  }
}
