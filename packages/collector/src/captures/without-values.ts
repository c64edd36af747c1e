import type {
  CapturedLine,
  CapturedPath,
  CapturedProperty,
  CapturedValue,
  CaptureView,
  MetricsView,
  MetricWindow,
  WatchResult,
} from '@dormouse/protocol';

/** Fields that hold nothing of the program's data. What is not listed, now or later, is left out. */
const PLAIN = [
  'id',
  'probe',
  'kind',
  'at',
  'hit',
  'tookUs',
  'level',
  'on',
  'durationMs',
  'stack',
  'traceId',
  'spanId',
  'cursor',
  'service',
  'instance',
  'buildId',
  'location',
  'function',
  'receivedAt',
  'hidden',
  'imported',
] as const satisfies readonly (keyof CaptureView)[];

/** Those that hold a value and are not the same for each kind: what is shown of them. */
const SHAPES: { readonly [Field in keyof CaptureView]?: (value: never) => unknown } = {
  returned: shapeOf,
  threw: shapeOf,
  self: shapeOf,
  locals: properties,
  outers: properties,
  watches: (watches: readonly WatchResult[]) =>
    watches.map(({ source, value }) => ({ source, ...(value !== undefined && { value: shapeOf(value) }) })),
  lastLine: lineShape,
  callers: (callers: NonNullable<CaptureView['callers']>) => callers.map(lineShape),
  metric: windowWithoutKeys,
  span: (span: NonNullable<CaptureView['span']>) => {
    const { error: _error, ...shown } = span;
    return { ...shown, attributes: {} };
  },
  path: pathShape,
};

/** A capture for those who may not read values: where, when and of what shape, and that something is withheld. */
export function withoutValues(capture: CaptureView): CaptureView {
  const plain = PLAIN.filter((field) => capture[field] !== undefined).map((field) => [field, capture[field]]);
  const shaped = Object.entries(SHAPES)
    .filter(([field]) => capture[field as keyof CaptureView] !== undefined)
    .map(([field, shape]) => [field, shape(capture[field as keyof CaptureView] as never)]);
  return { ...Object.fromEntries([...plain, ...shaped]), withheld: 'values' } as CaptureView;
}

/** The figures of a metric for those who may not read values: its keys are values. */
export function withoutKeys(metrics: MetricsView): MetricsView {
  return { ...metrics, series: namelessSeries(metrics.series), withheld: 'values' };
}

const withheld = (type: string): CapturedValue => ({ type: 'redacted', rule: `not granted: ${type}` });

function shapeOf(value: CapturedValue): CapturedValue {
  switch (value.type) {
    case 'object':
      return { ...value, properties: properties(value.properties) };
    case 'array':
    case 'set':
      return { ...value, items: value.items.map(shapeOf) };
    case 'map':
      return { ...value, entries: value.entries.map(([key, of]) => [shapeOf(key), shapeOf(of)]) };
    case 'error': {
      const { stack: _stack, cause, ...shown } = value;
      return {
        ...shown,
        message: 'not granted',
        properties: properties(value.properties),
        ...(cause !== undefined && { cause: shapeOf(cause) }),
      };
    }
    case 'binary':
      return { ...value, items: [] };
    case 'reference':
    case 'redacted':
    case 'omitted':
      return value;
    default:
      return withheld(value.type);
  }
}

function properties(of: readonly CapturedProperty[]): CapturedProperty[] {
  return of.map(({ key, value }) => ({ key, value: shapeOf(value) }));
}

function lineShape<Line extends CapturedLine>(line: Line): Line {
  const { self, locals, outers } = line;
  return {
    ...line,
    ...(self !== undefined && { self: shapeOf(self) }),
    locals: properties(locals),
    ...(outers !== undefined && { outers: properties(outers) }),
  };
}

function windowWithoutKeys(window: MetricWindow): MetricWindow {
  return { ...window, series: namelessSeries(window.series) };
}

const namelessSeries = <Series extends { readonly key?: string }>(series: readonly Series[]): Series[] =>
  series.map((one, index) => (one.key === undefined ? one : { ...one, key: `not granted ${index + 1}` }));

function pathShape(path: CapturedPath): CapturedPath {
  return {
    ...path,
    calls: path.calls.map(({ returned, threw, ...call }) => ({
      ...call,
      ...(returned !== undefined && { returned: shapeOf(returned) }),
      ...(threw !== undefined && { threw: shapeOf(threw) }),
    })),
    steps: path.steps.map(({ changed, ...step }) => ({
      ...step,
      ...(changed !== undefined && { changed: properties(changed) }),
    })),
  };
}
