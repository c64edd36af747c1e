/**
 * Editors live in shadow roots: there they bring their styles as constructed sheets, which the content security policy
 * allows, where a document would get `<style>` elements, which it does not.
 */
export function shadowOf(host: HTMLElement): ShadowRoot {
  return host.shadowRoot ?? host.attachShadow({ mode: 'open' });
}
