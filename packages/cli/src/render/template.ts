import type { TemplateView } from '@dormouse/protocol';

import type { Style } from './style.js';
import { renderTable } from './table.js';
import { escapeUnsafe } from './text.js';
import { formatDateTime } from './time.js';

/** One line for each template. */
export function renderTemplates(templates: readonly TemplateView[], style: Style): string {
  return renderTable(
    templates,
    [
      { header: 'NAME', cell: ({ name }) => name, paint: style.colors.bold },
      { header: 'VERSION', cell: ({ version }) => String(version), align: 'right' },
      { header: 'KIND', cell: ({ request }) => String(request['kind']) },
      { header: 'PARAMETERS', cell: ({ parameters }) => Object.keys(parameters).join(', '), cut: 'end' },
      { header: 'DESCRIPTION', cell: ({ description = '' }) => description, cut: 'end' },
    ],
    style,
  );
}

/** All of one template; its request as JSON, to be saved again with changes. */
export function renderTemplate(template: TemplateView, { colors }: Style): string {
  const { name, version, description, parameters, request, savedBy, createdAt } = template;
  const saved = `version ${version}, saved by ${savedBy} at ${formatDateTime(createdAt)}`;
  return [
    `${colors.bold(escapeUnsafe(name))}  ${escapeUnsafe(saved)}`,
    ...(description === undefined ? [] : [`  ${escapeUnsafe(description)}`]),
    ...Object.entries(parameters).map(([parameter, { type, default: value, description: words }]) => {
      const standard = value === undefined ? '' : `, default ${JSON.stringify(value)}`;
      const about = words === undefined ? '' : `: ${words}`;
      return escapeUnsafe(`  @{${parameter}}  ${type}${standard}${about}`);
    }),
    ...JSON.stringify(request, null, 2)
      .split('\n')
      .map((line) => `  ${escapeUnsafe(line)}`),
  ].join('\n');
}
