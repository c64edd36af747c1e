export { ABSENT, ACCESSOR, PROXY } from './marks.js';
export { prepareLooks } from './huge.js';
export { classNameOf, isInstanceOf } from './class-name.js';
export * as intrinsics from './intrinsics.js';
export { ownKeys, type OwnKeys } from './own-keys.js';
export { hasProperty, readOwn, readProperty } from './property.js';
