export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
  /** Of this event or the latest before it that had one. */
  readonly id: string | undefined;
}

/** Reads a `text/event-stream` (WHATWG HTML, 9.2.6); comments, and events without data, are passed over. */
export async function* readEvents(chunks: AsyncIterable<string>): AsyncGenerator<ServerSentEvent> {
  let event = 'message';
  let data: string[] = [];
  let id: string | undefined;
  for await (const line of readLines(chunks)) {
    if (line === '') {
      if (data.length > 0) yield { event, data: data.join('\n'), id };
      event = 'message';
      data = [];
      continue;
    }
    const [, field = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/su.exec(line) ?? [];
    if (field === 'event') event = value;
    if (field === 'data') data.push(value);
    if (field === 'id') id = value;
  }
}

async function* readLines(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split(/\r\n|\n/u);
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
