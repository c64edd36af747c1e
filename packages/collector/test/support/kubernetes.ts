import { Deployment } from 'kubernetes-models/apps/v1';
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { Service } from 'kubernetes-models/v1';
import ts from 'typescript';

/** By kind: its class, made of the schema of the Kubernetes API, and the module that it is from. */
const KINDS: Readonly<Record<string, readonly [new (data: never) => { validate(): void }, module: string]>> =
  {
    Deployment: [Deployment, 'kubernetes-models/apps/v1/Deployment'],
    Ingress: [Ingress, 'kubernetes-models/networking.k8s.io/v1/Ingress'],
    PodDisruptionBudget: [PodDisruptionBudget, 'kubernetes-models/policy/v1/PodDisruptionBudget'],
    Service: [Service, 'kubernetes-models/v1/Service'],
  };

/** @throws where a value is not what the Kubernetes API takes; fields that it does not know pass, see {@link unknownFields} */
export function validate(resource: { readonly kind: string }): void {
  const [Kind] = KINDS[resource.kind]!;
  new Kind(resource as never).validate();
}

/** What TypeScript says of fields that the types of the Kubernetes API do not have. */
export function unknownFields(resources: readonly { readonly kind: string }[]): readonly string[] {
  // Here, so that its imports are found; it is never written.
  const file = `${import.meta.dirname}/resources.ts`;
  const text = resources.map((resource, index) => {
    const { kind } = resource;
    const [, module] = KINDS[kind]!;
    return `import type { I${kind} as Kind${index} } from '${module}'; (${JSON.stringify(resource)}) satisfies Kind${index};`;
  });
  const options: ts.CompilerOptions = {
    strict: true,
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es5.d.ts'],
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.getSourceFile = (name, ...how) =>
    name === file
      ? ts.createSourceFile(name, text.join('\n'), ts.ScriptTarget.ES2022)
      : getSourceFile(name, ...how);
  const program = ts.createProgram([file], options, host);
  return program
    .getSemanticDiagnostics(program.getSourceFile(file))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}
