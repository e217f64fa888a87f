'use strict';

const { fileURLToPath } = require('node:url');
const { isAnyArrayBuffer } = require('node:util').types;
const { Inexpressible } = require('./json.cjs');

/**
 * A file as the native library takes it: its path, or its bytes.
 * @throws {Inexpressible}
 */
async function toFile(name, file) {
  if (typeof file === 'string') return { path: file };
  if (file instanceof URL && file.protocol === 'file:') return { path: fileURLToPath(file) };
  const own = await toContent(file);
  if (own !== undefined) return own;
  if (typeof file === 'object' && file !== null) {
    const { path, bytes, ...description } = file;
    for (const [field, value] of Object.entries(description)) {
      if (field !== 'name' && field !== 'mediaType') throw new Inexpressible(`\`${name}\` has no \`${field}\``);
      if (typeof (value ?? '') !== 'string') throw new Inexpressible(`\`${name}.${field}\` must be a text`);
    }
    if (typeof path === 'string' && bytes === undefined) return { path, ...description };
    const content = path === undefined ? await toContent(bytes) : undefined;
    if (content !== undefined) return { ...content, ...description };
  }
  throw new Inexpressible(
    `\`${name}\` must be a path, bytes, a Blob, or an object with \`path\` or \`bytes\`, \`name\` and \`mediaType\``,
  );
}

/** Bytes with what they say of themselves, or undefined when it is no bytes. */
async function toContent(value) {
  if (ArrayBuffer.isView(value)) return { bytes: Buffer.from(value.buffer, value.byteOffset, value.byteLength) };
  if (isAnyArrayBuffer(value)) return { bytes: Buffer.from(value) };
  if (!(value instanceof Blob)) return undefined;
  // A `File` is a Blob with a name.
  const { name, type } = value;
  return { bytes: Buffer.from(await value.arrayBuffer()), ...(name && { name }), ...(type && { mediaType: type }) };
}

module.exports = { toFile };
