/** The collector's advice names requests; here it names the commands that make them. */
export function namingCommands(message: string): string {
  return message
    .replace('Send a token in the header `Authorization: Bearer <token>`.', 'The collector asks for a token.')
    .replace(/ ?GET \/builds\/:id [^.]*\./u, '')
    .replace(
      'with the header Dormouse-Environment, or ?environment=…',
      'with --environment or DORMOUSE_ENVIRONMENT',
    )
    .replace('PUT /kill-switch switches', '"dormouse kill --off" switches')
    .replaceAll(/GET \/(probes|services|captures)\b/gu, '"dormouse $1"');
}
